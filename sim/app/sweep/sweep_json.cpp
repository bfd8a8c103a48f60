#include "sim/app/sweep/sweep_json.h"

#include <string_view>

#include "sim/app/sweep/point_folder.h"
#include "sim/measure/results/json_parts.h"
#include "sim/measure/results/out_file.h"
#include "sim/measure/results/run_json.h"
#include "sim/script/read/json_value.h"
#include "sim/script/read/scenario_document.h"

namespace sim {
namespace {

json_t* value_of(const SweptValue& value) {
  return json_loadb(value.json.data(), value.json.size(), JSON_DECODE_ANY, nullptr);
}

json_t* describe_keys(const Sweep& sweep) {
  OwnedJson list(json_array());
  for (const SweptKey& key : sweep.keys) {
    OwnedJson values(json_array());
    for (const SweptValue& value : key.values) json_array_append_new(values.get(), value_of(value));
    OwnedJson object(json_object());
    set_member(object, "key", new_text(key.path));
    set_member(object, "values", values.release());
    json_array_append_new(list.get(), object.release());
  }
  return list.release();
}

json_t* describe_point(const Sweep& sweep, std::size_t p, const PointResult& point) {
  OwnedJson values(json_object());
  const auto choice = sweep.choice(p);
  for (std::size_t k = 0; k < choice.size(); ++k) {
    set_member(values, sweep.keys[k].path, value_of(sweep.keys[k].values[choice[k]]));
  }
  OwnedJson object(json_object());
  set_member(object, "point", new_count(p + 1));
  set_member(object, "values", values.release());
  set_member(object, "status", new_text(to_string(point.status)));
  if (point.status == PointStatus::kFailed) set_member(object, "why", new_text(point.why));
  if (point.done()) set_member(object, "folder", new_text(point_folder(sweep, p).string()));
  return object.release();
}

json_t* describe_expectations(const SweepResults& results) {
  OwnedJson list(json_array());
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    for (const ExpectationResult& expectation : results.points[p].expectations) {
      OwnedJson object(json_object());
      set_member(object, "point", new_count(p + 1));
      const OwnedJson rest(describe(expectation));
      json_object_update(object.get(), rest.get());
      json_array_append_new(list.get(), object.release());
    }
  }
  return list.release();
}

}  // namespace

std::string format_sweep_json(const Sweep& sweep, const SweepResults& results,
                              const Machine& machine) {
  OwnedJson points(json_array());
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    json_array_append_new(points.get(), describe_point(sweep, p, results.points[p]));
  }
  const OwnedJson document = begin_run_json({.name = sweep.name,
                                             .complete = results.complete(),
                                             .seed = sweep.seed,
                                             .clock = to_string(sweep.clock),
                                             .start = results.start,
                                             .machine = machine,
                                             .scenario = sweep.as_run});
  set_member(document, "sweep", describe_keys(sweep));
  set_member(document, "points", points.release());
  set_member(document, "expectations", describe_expectations(results));
  set_member(document, "files", new_texts({"summary.csv", "sweep.csv"}));
  return format_json(document);
}

std::optional<FileError> write_sweep_json(const Sweep& sweep, const SweepResults& results,
                                          const std::filesystem::path& folder) {
  OutFile file(folder / kRunFile);
  file.write(format_sweep_json(sweep, results, read_machine()));
  return file.close();
}

std::string why_not_of(const Sweep& sweep, const std::filesystem::path& folder) {
  const OwnedJson document(json_load_file((folder / kRunFile).c_str(), 0, nullptr));
  if (!json_is_object(document.get())) return "has no run.json that can be read";
  if (json_object_get(document.get(), "sweep") == nullptr) return "is no sweep's";
  const std::string_view version = string_of(json_object_get(document.get(), "version"));
  if (version != HERDSIM_VERSION) return "is of another version (" + std::string(version) + ")";
  // As text: the order of the swept keys is that of the points.
  const bool same = dump_scenario(json_object_get(document.get(), "scenario")) == sweep.as_run;
  return same ? "" : "is of another scenario";
}

}  // namespace sim
