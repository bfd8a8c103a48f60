#include "sim/app/compare/summary_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/base/text/csv_reader.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/quoted.h"
#include "sim/base/text/read_file.h"
#include "sim/measure/report/csv_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using Fields = std::vector<std::string>;
using CellPlace = std::optional<std::size_t>;

constexpr std::size_t kMostSummaryBytes = 1U << 30U;

// The places of the cells in a row.
struct SummaryHeader {
  explicit SummaryHeader(const Fields& names) {
    for (const SummaryColumn& each : kSummaryColumns) {
      // The swept keys come first, and one may have the name of a column.
      const auto found = std::find(names.rbegin(), names.rend(), each.name);
      columns.push_back(found == names.rend() ? CellPlace()
                                              : static_cast<std::size_t>(names.rend() - found) - 1);
    }
    const auto first = std::find(names.begin(), names.end(), kSummaryColumns.front().name);
    if (!names.empty() && names.front() == "point") {
      keys.assign(names.begin() + 1, std::max(names.begin() + 1, first));
    }
    width = names.size();
  }

  bool is_of_a_summary() const {
    return columns[column("herd")] && columns[column("seed")] && columns[column("clock")];
  }

  std::vector<CellPlace> columns;  // by kSummaryColumns
  Fields keys;                     // in the fields behind the first one
  std::size_t width = 0;
};

std::string point_words(const SummaryHeader& header, const Fields& fields) {
  std::string out;
  for (std::size_t k = 0; k < header.keys.size(); ++k) {
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", header.keys[k], fields[k + 1]);
  }
  return out;
}

// Returns the row; nullopt if a figure cannot be read as a number.
std::optional<ComparedRow> row_of(const SummaryHeader& header, const Fields& fields) {
  ComparedRow row;
  row.point = point_words(header, fields);
  row.herd = fields[*header.columns[column("herd")]];
  row.seed = fields[*header.columns[column("seed")]];
  row.is_virtual = fields[*header.columns[column("clock")]] == "virtual";
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    std::optional<double>& figure = row.figures.emplace_back();
    const CellPlace at = header.columns[i];
    if (!at || !kSummaryColumns[i].numeric() || fields[*at].empty()) continue;
    figure = read_real(fields[*at]);
    if (!figure) return std::nullopt;
  }
  return row;
}

CompareError damaged(const fs::path& file, std::string_view why) {
  return {CompareError::Kind::kUnreadable,
          fmt::format("{} {}", without_controls(file.string()), why)};
}

}  // namespace

herd::Result<std::vector<ComparedRow>, CompareError> read_summary_rows(
    const fs::path& folder, const std::map<std::string, fs::path>& points) {
  const fs::path file = folder / "summary.csv";
  const auto text = read_regular_file(file.string(), kMostSummaryBytes);
  if (!text) return damaged(file, text.error().what);
  CsvReader csv(*text);
  Fields fields;
  const SummaryHeader header(csv.next(fields) ? fields : Fields());
  if (!header.is_of_a_summary()) return damaged(file, "is not the summary of a run or a sweep");
  std::vector<ComparedRow> rows;
  while (csv.next(fields)) {
    auto row = fields.size() == header.width ? row_of(header, fields) : std::nullopt;
    if (!row) return damaged(file, fmt::format("is damaged: line {} is no row of it", csv.line()));
    const auto point = points.find(fields.front());
    row->folder = point == points.end() ? folder : point->second;
    rows.push_back(std::move(*row));
  }
  if (!csv.error().empty()) {
    return damaged(file, fmt::format("is damaged: line {}: {}", csv.line(), csv.error()));
  }
  if (rows.empty()) return damaged(file, "has no rows: no herd has figures");
  return rows;
}

}  // namespace sim
