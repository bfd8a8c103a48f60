#include "sim/app/sweep/sweep_json.h"

#include <string_view>
#include <utility>
#include <vector>

#include "sim/app/sweep/point_folder.h"
#include "sim/app/sweep/sweep_tables.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/run_json_parts.h"
#include "sim/measure/results/tables.h"
#include "sim/script/read/scenario_document.h"

namespace sim {
namespace {

OwnedJson value_of(const SweptValue& value) { return parse_json(value.json, JSON_DECODE_ANY); }

OwnedJson describe_expectations(const SweepResults& results) {
  OwnedJson list(json_array());
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    for (const ExpectationResult& expectation : results.points[p].expectations) {
      OwnedJson object(json_object());
      put(object.get(), "point", json_count(p + 1));
      const OwnedJson rest = describe(expectation);
      json_object_update(object.get(), rest.get());
      add(list.get(), std::move(object));
    }
  }
  return list;
}

}  // namespace

OwnedJson swept_keys_json(const Sweep& sweep) {
  OwnedJson list(json_array());
  for (const SweptKey& key : sweep.keys) {
    OwnedJson values(json_array());
    for (const SweptValue& value : key.values) add(values.get(), value_of(value));
    OwnedJson object(json_object());
    put(object.get(), "key", key.path);
    put(object.get(), "column", key.column);
    put(object.get(), "values", std::move(values));
    add(list.get(), std::move(object));
  }
  return list;
}

OwnedJson point_json(const Sweep& sweep, std::size_t p, const PointResult& point) {
  OwnedJson values(json_object());
  const auto choice = sweep.choice(p);
  for (std::size_t k = 0; k < choice.size(); ++k) {
    put(values.get(), sweep.keys[k].path, value_of(sweep.keys[k].values[choice[k]]));
  }
  OwnedJson object(json_object());
  put(object.get(), "point", json_count(p + 1));
  put(object.get(), "values", std::move(values));
  put(object.get(), "status", to_string(point.status));
  if (point.status == PointStatus::kFailed) put(object.get(), "why", point.why);
  if (point.done()) put(object.get(), "folder", point_folder(sweep, p).string());
  return object;
}

std::string format_sweep_json(const Sweep& sweep, const SweepResults& results,
                              const Machine& machine) {
  OwnedJson points(json_array());
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    if (results.points[p].status == PointStatus::kElsewhere) continue;
    add(points.get(), point_json(sweep, p, results.points[p]));
  }
  const OwnedJson document = begin_run_json({.name = sweep.name,
                                             .complete = results.complete(),
                                             .seed = sweep.seed,
                                             .clock = to_string(sweep.clock),
                                             .start = results.start,
                                             .machine = machine,
                                             .scenario = sweep.as_run});
  put(document.get(), "sweep", swept_keys_json(sweep));
  if (sweep.shard) put(document.get(), "shard", to_string(*sweep.shard));
  put(document.get(), "points", std::move(points));
  put(document.get(), "expectations", describe_expectations(results));
  std::vector<std::string> files = {std::string(kSummaryFile)};
  if (!sweep.shard) files.emplace_back(kSpreadsFile);
  put(document.get(), "files", json_texts(files));
  return format_json(document);
}

std::optional<FileError> write_sweep_json(const Sweep& sweep, const SweepResults& results,
                                          const std::filesystem::path& folder) {
  return write_run_file(format_sweep_json(sweep, results, read_machine()), folder);
}

std::string why_not_of(const Sweep& sweep, const std::filesystem::path& folder) {
  return why_not_of(sweep, read_run_file(folder).get());
}

std::string why_not_of(const Sweep& sweep, const json_t* run) {
  if (run == nullptr) return "has no readable run.json";
  if (json_object_get(run, "sweep") == nullptr) return "is not from a sweep";
  const std::string_view version = string_of(json_object_get(run, "version"));
  if (version != HERDSIM_VERSION) return "is from another version (" + std::string(version) + ")";
  // Compared as text, because the order of the swept keys is the order of the points.
  const bool same = dump_scenario(json_object_get(run, "scenario")) == sweep.as_run;
  return same ? "" : "is from another scenario";
}

}  // namespace sim
