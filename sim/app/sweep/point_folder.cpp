#include "sim/app/sweep/point_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "sim/base/json/parse_json.h"
#include "sim/base/text/csv_reader.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/results/run_json.h"
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

std::optional<std::vector<Row>> read_rows(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
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

bool has_all_files(const fs::path& folder, const json_t* files) {
  for (std::size_t i = 0; i < json_array_size(files); ++i) {
    std::error_code unknown;
    if (!fs::is_regular_file(folder / string_of(json_array_get(files, i)), unknown)) return false;
  }
  return json_array_size(files) > 0;
}

}  // namespace

fs::path point_folder(const Sweep& sweep, std::size_t point) {
  const std::size_t digits = std::max<std::size_t>(4, std::to_string(sweep.points()).size());
  return fs::path("points") / fmt::format("{:0{}}", point + 1, digits);
}

std::optional<PointResult> read_point(const fs::path& folder) {
  const OwnedJson run = read_run_file(folder);
  if (!json_is_true(json_object_get(run.get(), "complete"))) return std::nullopt;
  if (!has_all_files(folder, json_object_get(run.get(), "files"))) return std::nullopt;
  auto rows = read_rows(folder / "summary.csv");
  if (!rows) return std::nullopt;
  PointResult result;
  result.rows = std::move(*rows);
  result.status = PointStatus::kHeld;
  const json_t* const expectations = json_object_get(run.get(), "expectations");
  for (std::size_t i = 0; i < json_array_size(expectations); ++i) {
    result.expectations.push_back(read_expectation(json_array_get(expectations, i)));
    if (!result.expectations.back().held) result.status = PointStatus::kNotHeld;
  }
  return result;
}

}  // namespace sim
