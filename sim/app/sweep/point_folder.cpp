#include "sim/app/sweep/point_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/csv_reader.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/run_json.h"
#include "sim/measure/results/tables.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using Row = std::vector<std::string>;

bool is_summary_header(const Row& row) {
  return std::equal(
      row.begin(), row.end(), kSummaryColumns.begin(), kSummaryColumns.end(),
      [](const std::string& cell, const SummaryColumn& column) { return cell == column.name; });
}

// Returns the rows of a summary.csv, or nullopt if it is not whole.
std::optional<std::vector<Row>> read_rows(const fs::path& file) {
  const auto text = read_file(file);
  if (!text || !text->ends_with('\n')) return std::nullopt;
  CsvReader csv(*text);
  Row row;
  if (!csv.next(row) || !is_summary_header(row)) return std::nullopt;
  std::vector<Row> rows;
  while (csv.next(row)) {
    if (row.size() != kSummaryColumns.size()) return std::nullopt;
    rows.push_back(row);
  }
  if (rows.empty() || !csv.error().empty()) return std::nullopt;
  return rows;
}

std::optional<double> number_in(const json_t* object, const char* key) {
  const json_t* const value = json_object_get(object, key);
  if (!json_is_number(value)) return std::nullopt;
  return json_number_value(value);
}

ExpectationResult read_expectation(const json_t* object) {
  ExpectationResult result;
  result.herd = string_of(json_object_get(object, "herd"));
  result.metric = string_of(json_object_get(object, "metric"));
  result.equals = number_in(object, "equals");
  result.min = number_in(object, "min");
  result.max = number_in(object, "max");
  result.figure = number_in(object, "figure");
  result.held = json_is_true(json_object_get(object, "held"));
  return result;
}

std::vector<std::string> files_of(const json_t* run) {
  std::vector<std::string> files;
  const json_t* const listed = json_object_get(run, "files");
  for (std::size_t i = 0; i < json_array_size(listed); ++i) {
    files.emplace_back(string_of(json_array_get(listed, i)));
  }
  return files;
}

// Returns why the files are not whole; empty if they are. `sizes` has those that are known.
std::string why_not_whole(const fs::path& folder, const std::vector<std::string>& files,
                          const json_t* sizes) {
  if (files.empty()) return "run.json lists no files";
  for (const std::string& file : files) {
    std::error_code unknown;
    if (!fs::is_regular_file(folder / file, unknown)) return file + " is missing";
    const json_t* const size = json_object_getn(sizes, file.data(), file.size());
    if (size == nullptr) continue;
    const auto is = static_cast<json_int_t>(fs::file_size(folder / file, unknown));
    if (is != json_integer_value(size)) {
      return fmt::format("{} is cut off or changed: it has {} bytes, not {}", file, is,
                         json_integer_value(size));
    }
  }
  return "";
}

}  // namespace

fs::path point_folder(const Sweep& sweep, std::size_t point) {
  const std::size_t digits = std::max<std::size_t>(4, std::to_string(sweep.points()).size());
  return fs::path("points") / fmt::format("{:0{}}", point + 1, digits);
}

herd::Result<FinishedPoint, std::string> read_point(const fs::path& folder) {
  const OwnedJson run = read_run_file(folder);
  if (!run) return std::string("run.json is missing or cut off");
  if (!json_is_true(json_object_get(run.get(), "complete"))) {
    return std::string("its run is not complete");
  }
  FinishedPoint point;
  point.files = files_of(run.get());
  std::string why = why_not_whole(folder, point.files, json_object_get(run.get(), "sizes"));
  if (!why.empty()) return why;
  auto rows = read_rows(folder / kSummaryFile);
  const json_t* const herds = json_object_get(json_object_get(run.get(), "scenario"), "herds");
  if (!rows || (json_is_array(herds) && rows->size() != json_array_size(herds))) {
    return std::string("summary.csv is cut off or changed");
  }
  point.origin = read_origin(run.get());
  PointResult& result = point.result;
  result.rows = std::move(*rows);
  result.status = PointStatus::kHeld;
  const json_t* const expectations = json_object_get(run.get(), "expectations");
  for (std::size_t i = 0; i < json_array_size(expectations); ++i) {
    result.expectations.push_back(read_expectation(json_array_get(expectations, i)));
    if (!result.expectations.back().held) result.status = PointStatus::kNotHeld;
  }
  return point;
}

}  // namespace sim
