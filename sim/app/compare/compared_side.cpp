#include "sim/app/compare/compared_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/app/compare/summary_rows.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/results/run_json.h"
#include "sim/script/read/suggest.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

CompareError unreadable(const std::string& folder, std::string_view why) {
  return {CompareError::Kind::kUnreadable, fmt::format("{} {}", without_controls(folder), why)};
}

void add_new(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

// Adds what the run.json of one run says.
void take_run(const json_t* run, ComparedSide& side, bool& all_have_hashes) {
  const std::string_view hash = string_of(json_object_get(run, "trace_hash"));
  all_have_hashes &= !hash.empty();
  side.trace.append(hash).append(" ");
  const json_t* const lag = json_object_get(json_object_get(run, "schedule_lag"), "p99_us");
  if (json_is_number(lag)) {
    side.lag_p99_us = std::max(side.lag_p99_us.value_or(0), json_number_value(lag));
  }
}

// Returns the folders of a sweep's points by their numbers.
std::map<std::string, fs::path> point_folders(const json_t* run, const fs::path& folder) {
  std::map<std::string, fs::path> folders;
  const json_t* const points = json_object_get(run, "points");
  for (std::size_t i = 0; i < json_array_size(points); ++i) {
    const json_t* const point = json_array_get(points, i);
    const std::string_view place = string_of(json_object_get(point, "folder"));
    const json_t* const number = json_object_get(point, "point");
    if (!place.empty()) folders[std::to_string(json_integer_value(number))] = folder / place;
  }
  return folders;
}

void take_runs(ComparedSide& side) {
  bool all_have_hashes = true;
  if (!side.is_sweep()) take_run(side.run.get(), side, all_have_hashes);
  const auto folders = point_folders(side.run.get(), side.name.folder);
  for (const auto& [number, folder] : folders) {
    take_run(read_run_file(folder).get(), side, all_have_hashes);
  }
  if (!all_have_hashes) side.trace.clear();
}

// Returns why the side has no rows of the herd that its name asks for.
std::string no_such_herd(const ComparedSide& side) {
  const std::vector<std::string> herds = side.herds();
  const auto meant = suggest(side.name.herd, herds);
  std::string list;
  for (const std::string& each : herds) list += (list.empty() ? "" : ", ") + without_controls(each);
  return fmt::format("{} has no herd {}{} (it has {})", without_controls(side.name.folder),
                     sim::quoted(side.name.herd),
                     meant ? fmt::format(", did you mean {}?", sim::quoted(*meant)) : "", list);
}

}  // namespace

bool ComparedSide::is_sweep() const { return json_is_array(json_object_get(run.get(), "points")); }

bool ComparedSide::is_complete() const {
  return json_is_true(json_object_get(run.get(), "complete"));
}

std::vector<std::string> ComparedSide::points() const {
  std::vector<std::string> out;
  for (const ComparedRow& row : rows) add_new(out, row.point);
  return out;
}

std::vector<std::string> ComparedSide::herds() const {
  std::vector<std::string> out;
  for (const ComparedRow& row : rows) add_new(out, row.herd);
  return out;
}

std::vector<std::string> herds_against(const ComparedSide& side, const ComparedSide& other) {
  std::vector<std::string> herds = side.herds();
  const bool has_it = std::find(herds.begin(), herds.end(), other.name.herd) != herds.end();
  if (side.name.herd.empty() && has_it) herds.assign(1, other.name.herd);
  return herds;
}

herd::Result<ComparedSide, CompareError> read_side(const SideName& name) {
  ComparedSide side;
  side.name = name;
  side.run = read_run_file(name.folder);
  if (!json_is_array(json_object_get(side.run.get(), "files"))) {
    return unreadable(name.folder,
                      "is not the results folder of a run or a sweep: it has no run.json of one");
  }
  if (json_is_true(json_object_get(side.run.get(), "dry_run"))) {
    return CompareError{CompareError::Kind::kUsage,
                        without_controls(name.folder) +
                            " is the folder of a dry run: it has no figures to compare"};
  }
  auto rows = read_summary_rows(name.folder, point_folders(side.run.get(), name.folder));
  if (!rows) return rows.error();
  side.rows = std::move(*rows);
  take_runs(side);
  if (name.herd.empty()) return side;
  const auto is_other = [&](const ComparedRow& row) { return row.herd != name.herd; };
  if (std::all_of(side.rows.begin(), side.rows.end(), is_other)) {
    return CompareError{CompareError::Kind::kUsage, no_such_herd(side)};
  }
  std::erase_if(side.rows, is_other);
  return side;
}

}  // namespace sim
