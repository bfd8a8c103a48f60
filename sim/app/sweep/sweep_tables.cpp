#include "sim/app/sweep/sweep_tables.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/text/numbers.h"
#include "sim/measure/results/csv.h"
#include "sim/measure/results/table_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

using enum ColumnKind;

constexpr std::size_t kHerd = column("herd");

// The cells of a row of sweep.csv after the values of the swept keys.
struct SpreadRow {
  std::string_view herd;
  std::string_view metric;
  Spread spread;
};

template <auto kMember>
void of_row(CsvWriter& csv, const SpreadRow& row) {
  csv.cell(row.*kMember);
}

template <auto kMember>
void of_spread(CsvWriter& csv, const SpreadRow& row) {
  csv.cell(row.spread.*kMember);
}

constexpr auto kSpreadColumns = std::to_array<TableColumn<SpreadRow>>({
    {"herd", kText, "the herd", of_row<&SpreadRow::herd>},
    {"metric", kText, "a numeric column of `summary.csv`", of_row<&SpreadRow::metric>},
    {"runs", kCount,
     "points in which the figure is known; those that failed, or in which it is empty, do not "
     "count",
     of_spread<&Spread::runs>},
    {"median", kAsMetric, "median over these points", of_spread<&Spread::median>, "`runs` is 0"},
    {"min", kAsMetric, "the least", of_spread<&Spread::min>, "`runs` is 0"},
    {"max", kAsMetric, "the greatest", of_spread<&Spread::max>, "`runs` is 0"},
    {"q1", kAsMetric, "the first quartile", of_spread<&Spread::q1>, "`runs` is 0"},
    {"q3", kAsMetric, "the third quartile", of_spread<&Spread::q3>, "`runs` is 0"},
});
constexpr auto kSpreadEntries = entries_of<kSpreadColumns>();

// Adds the swept keys except the seed. summary.csv has a column for the seed anyway, and sweep.csv
// has none.
void add_key_columns(const Sweep& sweep, std::vector<std::string_view>& header) {
  for (std::size_t k = 0; k < sweep.keys_but_seed(); ++k) header.push_back(sweep.keys[k].column);
}

void write_key_cells(const Sweep& sweep, std::size_t point, CsvWriter& csv) {
  const std::vector<std::size_t> choice = sweep.choice(point);
  for (std::size_t k = 0; k < sweep.keys_but_seed(); ++k) {
    csv.cell(sweep.keys[k].values[choice[k]].shown);
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
  for (const std::string_view name : names_of<kSummaryColumns>()) header.push_back(name);
  CsvWriter csv(file, header);
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    for (const auto& row : results.points[p].rows) {
      csv.cell(p + 1);
      write_key_cells(sweep, p, csv);
      for (const std::string& cell : row) csv.cell(cell);
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
                 std::string_view herd, std::size_t column) {
  std::vector<std::pair<double, std::string_view>> known;
  for (std::size_t i = 0; i < sweep.seeds(); ++i) {
    const auto* row = row_of(results.points[combination * sweep.seeds() + i], herd);
    if (row == nullptr) continue;
    const std::string& cell = (*row)[column];
    if (const auto value = read_real(cell)) known.emplace_back(*value, cell);
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
                                             const fs::path& file,
                                             std::span<const std::size_t> metrics) {
  std::vector<std::string_view> header;
  add_key_columns(sweep, header);
  for (const std::string_view name : names_of<kSpreadColumns>()) header.push_back(name);
  CsvWriter csv(file, header);
  for (std::size_t first = 0; first < results.points.size(); first += sweep.seeds()) {
    const std::size_t combination = first / sweep.seeds();
    for (const std::string& herd : herds_of(sweep, results, combination)) {
      for (const std::size_t i : metrics) {
        write_key_cells(sweep, first, csv);
        write_cells<kSpreadColumns>(
            csv, {herd, kSummaryColumns[i].name, spread_of(sweep, results, combination, herd, i)});
        csv.end_row();
      }
    }
  }
  return csv.close();
}

std::span<const ColumnEntry> spread_columns() { return kSpreadEntries; }

}  // namespace sim
