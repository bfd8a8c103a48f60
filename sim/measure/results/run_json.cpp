#include "sim/measure/results/run_json.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/json/make_json.h"
#include "sim/measure/results/out_file.h"
#include "sim/measure/results/run_json_parts.h"

namespace sim {
namespace {

OwnedJson micros(std::optional<Duration> value) {
  if (!value) return json_figure(std::nullopt);
  return json_figure(static_cast<double>(value->count()) / 1000);
}

OwnedJson describe(const LatencyHistogram& lag) {
  OwnedJson object(json_object());
  put(object.get(), "p50_us", micros(lag.percentile(50)));
  put(object.get(), "p99_us", micros(lag.percentile(99)));
  put(object.get(), "max_us", micros(lag.max()));
  put(object.get(), "actions", json_count(lag.count()));
  return object;
}

}  // namespace

std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files) {
  OwnedJson expectations(json_array());
  for (const ExpectationResult& expectation : run.expectations) {
    add(expectations.get(), describe(expectation));
  }
  OwnedJson violations(json_object());
  for (const HerdResults& herd : run.herds)
    put(violations.get(), herd.herd, json_texts(herd.violations));

  const OwnedJson document = begin_run_json({.name = scenario.name,
                                             .complete = run.complete,
                                             .dry_run = run.dry_run,
                                             .seed = scenario.seed,
                                             .clock = to_string(scenario.clock),
                                             .start = run.start,
                                             .machine = machine,
                                             .scenario = scenario.as_run});
  put(document.get(), "schedule_lag", describe(run.schedule_lag));
  if (run.trace_hash) {
    put(document.get(), "trace_hash", fmt::format("{:016x}", *run.trace_hash));
  }
  put(document.get(), "expectations", std::move(expectations));
  put(document.get(), "violations", std::move(violations));
  put(document.get(), "files", json_texts(files));

  return format_json(document);
}

std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder) {
  return write_run_file(format_run_json(scenario, run, machine, files), folder);
}

std::optional<FileError> write_run_file(std::string_view text,
                                        const std::filesystem::path& folder) {
  OutFile file(folder / kRunFile);
  file.write(text);
  return file.close();
}

OwnedJson read_run_file(const std::filesystem::path& folder) {
  OwnedJson document(json_load_file((folder / kRunFile).c_str(), JSON_REJECT_DUPLICATES, nullptr));
  return json_is_object(document.get()) ? std::move(document) : nullptr;
}

bool is_dry_run(const std::filesystem::path& folder) {
  return json_is_true(json_object_get(read_run_file(folder).get(), "dry_run"));
}

}  // namespace sim
