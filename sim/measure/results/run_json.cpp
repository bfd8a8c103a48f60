#include "sim/measure/results/run_json.h"

#include <fmt/format.h>

#include "sim/measure/results/json_parts.h"
#include "sim/measure/results/out_file.h"

namespace sim {
namespace {

json_t* micros(std::optional<Duration> value) {
  if (!value) return json_null();
  return new_figure(static_cast<double>(value->count()) / 1000);
}

json_t* describe(const LatencyHistogram& lag) {
  OwnedJson object(json_object());
  set_member(object, "p50_us", micros(lag.percentile(50)));
  set_member(object, "p99_us", micros(lag.percentile(99)));
  set_member(object, "max_us", micros(lag.max()));
  set_member(object, "actions", new_count(lag.count()));
  return object.release();
}

}  // namespace

std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files) {
  OwnedJson expectations(json_array());
  for (const ExpectationResult& expectation : run.expectations) {
    json_array_append_new(expectations.get(), describe(expectation));
  }
  OwnedJson violations(json_object());
  for (const HerdResults& herd : run.herds)
    set_member(violations, herd.herd, new_texts(herd.violations));

  const OwnedJson document = begin_run_json({.name = scenario.name,
                                             .complete = run.complete,
                                             .dry_run = run.dry_run,
                                             .seed = scenario.seed,
                                             .clock = to_string(scenario.clock),
                                             .start = run.start,
                                             .machine = machine,
                                             .scenario = scenario.as_run});
  set_member(document, "schedule_lag", describe(run.schedule_lag));
  if (run.trace_hash) {
    set_member(document, "trace_hash", new_text(fmt::format("{:016x}", *run.trace_hash)));
  }
  set_member(document, "expectations", expectations.release());
  set_member(document, "violations", violations.release());
  set_member(document, "files", new_texts(files));

  return format_json(document);
}

std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder) {
  OutFile file(folder / kRunFile);
  file.write(format_run_json(scenario, run, machine, files));
  return file.close();
}

bool is_dry_run(const std::filesystem::path& folder) {
  const OwnedJson document(json_load_file((folder / kRunFile).c_str(), 0, nullptr));
  return json_is_true(json_object_get(document.get(), "dry_run"));
}

}  // namespace sim
