#include "sim/app/sweep/sweep_tables.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/measure/results/csv.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t column_index(std::string_view name) {
  const auto at = std::find_if(kSummaryColumns.begin(), kSummaryColumns.end(),
                               [&](const SummaryColumn& column) { return column.name == name; });
  return static_cast<std::size_t>(at - kSummaryColumns.begin());
}

constexpr std::size_t kHerd = column_index("herd");

// Adds the swept keys except the seed. summary.csv has a column for the seed anyway, and sweep.csv
// has none.
void add_key_columns(const Sweep& sweep, std::vector<std::string_view>& header) {
  for (std::size_t k = 0; k < sweep.keys_but_seed(); ++k) header.push_back(sweep.keys[k].path);
}

void write_key_cells(const Sweep& sweep, std::size_t point, CsvWriter& csv) {
  const std::vector<std::size_t> choice = sweep.choice(point);
  for (std::size_t k = 0; k < sweep.keys_but_seed(); ++k) {
    csv.text(sweep.keys[k].values[choice[k]].shown);
  }
}

// Returns the row of a herd; null if it has none.
const std::vector<std::string>* row_of(const PointResult& point, std::string_view herd) {
  const auto row = std::find_if(point.rows.begin(), point.rows.end(),
                                [&](const auto& each) { return each[kHerd] == herd; });
  return row == point.rows.end() ? nullptr : &*row;
}

}  // namespace

std::optional<FileError> write_sweep_summary(const Sweep& sweep, const SweepResults& results,
                                             const fs::path& file) {
  std::vector<std::string_view> header = {"point"};
  add_key_columns(sweep, header);
  for (const SummaryColumn& column : kSummaryColumns) header.push_back(column.name);
  CsvWriter csv(file, header);
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    for (const auto& row : results.points[p].rows) {
      csv.count(p + 1);
      write_key_cells(sweep, p, csv);
      for (const std::string& cell : row) csv.text(cell);
      csv.end_row();
    }
  }
  return csv.close();
}

std::vector<std::string> herds_of(const Sweep& sweep, const SweepResults& results,
                                  std::size_t combination) {
  std::vector<std::string> herds;
  for (std::size_t i = 0; i < sweep.seeds(); ++i) {
    for (const auto& row : results.points[combination * sweep.seeds() + i].rows) {
      if (std::find(herds.begin(), herds.end(), row[kHerd]) == herds.end()) {
        herds.push_back(row[kHerd]);
      }
    }
  }
  return herds;
}

Spread spread_of(const Sweep& sweep, const SweepResults& results, std::size_t combination,
                 std::string_view herd, std::string_view column) {
  const std::size_t at = column_index(column);
  std::vector<std::pair<double, std::string_view>> known;
  for (std::size_t i = 0; i < sweep.seeds(); ++i) {
    const auto* row = row_of(results.points[combination * sweep.seeds() + i], herd);
    if (row == nullptr) continue;
    const std::string& cell = (*row)[at];
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc() && end == cell.data() + cell.size()) known.emplace_back(value, cell);
  }
  Spread spread;
  spread.runs = known.size();
  if (known.empty()) return spread;
  std::sort(known.begin(), known.end());
  const auto quarter = [&](std::size_t quarters) {
    const std::size_t rank = (known.size() * quarters + 3) / 4;
    return known[std::max<std::size_t>(rank, 1) - 1].second;
  };
  spread.min = known.front().second;
  spread.q1 = quarter(1);
  spread.median = quarter(2);
  spread.q3 = quarter(3);
  spread.max = known.back().second;
  return spread;
}

std::optional<FileError> write_sweep_spreads(const Sweep& sweep, const SweepResults& results,
                                             const fs::path& file) {
  std::vector<std::string_view> header;
  add_key_columns(sweep, header);
  for (const char* column : {"herd", "metric", "runs", "median", "min", "max", "q1", "q3"}) {
    header.emplace_back(column);
  }
  CsvWriter csv(file, header);
  for (std::size_t first = 0; first < results.points.size(); first += sweep.seeds()) {
    const std::size_t combination = first / sweep.seeds();
    for (const std::string& herd : herds_of(sweep, results, combination)) {
      for (const SummaryColumn& column : kSummaryColumns) {
        if (!column.numeric || column.name == kSeedKey) continue;
        const Spread spread = spread_of(sweep, results, combination, herd, column.name);
        write_key_cells(sweep, first, csv);
        csv.text(herd);
        csv.text(column.name);
        csv.count(spread.runs);
        for (const std::string_view cell :
             {spread.median, spread.min, spread.max, spread.q1, spread.q3}) {
          csv.text(cell);
        }
        csv.end_row();
      }
    }
  }
  return csv.close();
}

}  // namespace sim
