#include "sim/app/cli/run_output.h"

#include <cstdio>
#include <utility>

#include "sim/app/cli/exit_status.h"
#include "sim/app/cli/run_entries.h"
#include "sim/app/cli/terminal.h"
#include "sim/app/sweep/sweep_text.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/measure/results/console_table.h"

namespace sim {
namespace {

constexpr int kRunFormatVersion = 1;

void print_text(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

RunOutput::RunOutput(RunFormat format) {
  if (format == RunFormat::kText) return;
  document_ = begin_output_json(kRunFormatVersion);
  put(document_.get(), "runs", OwnedJson(json_array()));
}

void RunOutput::add_run(const Scenario& scenario, const RunResults& run, const RunEnd& end) {
  if (is_json()) {
    add(json_object_get(document_.get(), "runs"), run_entry(scenario, run, end));
  } else {
    print_text(console_table(scenario, run, end.folder, screen_of_output()));
  }
  tell(scenario.name, end);
}

void RunOutput::add_sweep(const Sweep& sweep, const SweepResults& results, const RunEnd& end,
                          std::span<const std::size_t> metrics) {
  if (is_json()) {
    add(json_object_get(document_.get(), "runs"), sweep_entry(sweep, results, end));
  } else {
    print_text(sweep_table(sweep, results, end.folder, screen_of_output(), metrics));
  }
  tell(sweep.name, end);
}

void RunOutput::add_plan(const Scenario& scenario, std::uint64_t rows,
                         const std::filesystem::path& plan) {
  if (is_json()) {
    add(json_object_get(document_.get(), "runs"), plan_entry(scenario, rows, plan));
    return;
  }
  std::printf("%s: %llu actions planned, nothing run; see %s\n", scenario.name.c_str(),
              static_cast<unsigned long long>(rows), plan.c_str());
}

void RunOutput::add_failure(const std::string& name, const std::string& file,
                            const std::string& why) {
  const RunEnd end{std::nullopt, kNotCarriedOut, why};
  if (is_json()) {
    add(json_object_get(document_.get(), "runs"), failure_entry(name, file, end));
  }
  tell(name, end);
}

void RunOutput::finish(int status) {
  if (!is_json()) return;
  put(document_.get(), "status", json_count(status));
  print_text(dump_json(document_.get(), 2) + '\n');
}

void RunOutput::tell(const std::string& name, const RunEnd& end) const {
  if (end.error.empty()) return;
  std::fprintf(stderr, "%s: not carried out: %s\n", name.c_str(), end.error.c_str());
}

}  // namespace sim
