#include "sim/measure/results/run_json.h"

#include <fmt/format.h>

#include <utility>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/out_file.h"
#include "sim/measure/results/run_json_parts.h"

namespace sim {
namespace {

// A sweep of the most points has about a quarter of it.
constexpr std::size_t kMaxRunFileBytes = 256U << 20U;

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

OwnedJson describe(const std::vector<InputFile>& inputs) {
  OwnedJson list(json_array());
  for (const InputFile& each : inputs) {
    OwnedJson object(json_object());
    put(object.get(), "file", each.file);
    put(object.get(), "sha256", each.sha256);
    add(list.get(), std::move(object));
  }
  return list;
}

OwnedJson describe(const FileSizes& sizes) {
  OwnedJson object(json_object());
  for (const auto& [file, bytes] : sizes) put(object.get(), file, json_count(bytes));
  return object;
}

}  // namespace

std::string format_run_json(const Scenario& scenario, const RunResults& run, const Machine& machine,
                            const std::vector<std::string>& files, const FileSizes& sizes) {
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
  put(document.get(), "notes", json_texts(run.notes));
  put(document.get(), "inputs", describe(run.inputs));
  put(document.get(), "files", json_texts(files));
  put(document.get(), "sizes", describe(sizes));
  return format_json(document);
}

std::optional<FileError> write_run_json(const Scenario& scenario, const RunResults& run,
                                        const Machine& machine,
                                        const std::vector<std::string>& files,
                                        const std::filesystem::path& folder,
                                        const FileSizes& sizes) {
  return write_run_file(format_run_json(scenario, run, machine, files, sizes), folder);
}

std::optional<FileError> write_run_file(std::string_view text,
                                        const std::filesystem::path& folder) {
  OutFile file(folder / kRunFile);
  file.write(text);
  return file.close();
}

std::optional<FileError> add_to_run_file(const std::string& name,
                                         const std::filesystem::path& folder,
                                         const std::filesystem::path& to) {
  const OwnedJson document = read_run_file(folder);
  json_t* const files = json_object_get(document.get(), "files");
  if (!json_is_array(files)) return FileError{folder / kRunFile, "has no list of files"};
  bool is_listed = false;
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    is_listed |= string_of(json_array_get(files, i)) == name;
  }
  if (!is_listed) json_array_append_new(files, json_stringn(name.data(), name.size()));
  return write_run_file(format_json(document), to);
}

OwnedJson read_run_file(const std::filesystem::path& folder) {
  const auto text = read_regular_file((folder / kRunFile).string(), kMaxRunFileBytes);
  if (!text) return nullptr;
  OwnedJson document = parse_json(*text, JSON_REJECT_DUPLICATES);
  return json_is_object(document.get()) ? std::move(document) : nullptr;
}

}  // namespace sim
