#include "sim/app/sweep/sweep_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/app/sweep/sweep_tables.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/results/failure_words.h"
#include "sim/measure/results/show_cell.h"
#include "sim/measure/results/text_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMostRows = 60;
constexpr std::size_t kLongestKey = 24;  // for names and values of swept keys, and for herds

// The columns of summary.csv that the table shows: as many, from the first one on, as fit.
constexpr std::array kUsualMetrics = {
    column("messages_per_update"), column("redundancy"),       column("covered_share"),
    column("coverage_p50_us"),     column("coverage_p99_us"),  column("propagation_p99_us"),
    column("undelivered"),         column("staleness_p50_us"), column("staleness_max_us"),
    column("converged"),           column("reply_p99_us"),
};

// Returns "1 point", "12 points".
std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

struct TableRow {
  std::size_t combination;
  std::string herd;
};

std::vector<TableRow> rows_of(const Sweep& sweep, const SweepResults& results) {
  std::vector<TableRow> rows;
  for (std::size_t c = 0; c < results.points.size() / sweep.seeds(); ++c) {
    for (std::string& herd : herds_of(sweep, results, c)) rows.push_back({c, std::move(herd)});
  }
  return rows;
}

std::string short_text(std::string_view text) { return shorten(printable(text), kLongestKey); }

Column key_column(const Sweep& sweep, std::size_t key, const std::vector<TableRow>& rows) {
  Column column{{short_text(sweep.keys[key].path)}};
  for (const TableRow& row : rows) {
    const std::size_t value = sweep.choice(row.combination * sweep.seeds())[key];
    column.cells.push_back(short_text(sweep.keys[key].values[value].shown));
  }
  return column;
}

Column metric_column(const Sweep& sweep, const SweepResults& results,
                     const std::vector<TableRow>& rows, std::size_t metric) {
  const SummaryColumn& of = kSummaryColumns[metric];
  Column column{{std::string(of.shown.head.empty() ? of.name : of.shown.head)}};
  for (const TableRow& row : rows) {
    const Spread spread = spread_of(sweep, results, row.combination, row.herd, metric);
    const Cell cell = parse_cell(spread.median, of.kind);
    const bool says_nothing = sweep.clock == ClockKind::kVirtual && is_timeless(cell, metric);
    column.cells.push_back(show_cell(says_nothing ? Cell() : cell, of.kind));
  }
  return column;
}

bool is_known(const Column& column) {
  return std::any_of(column.cells.begin() + 1, column.cells.end(),
                     [](const std::string& cell) { return cell != show_cell(Cell(), {}); });
}

// Returns the columns that say which row is what.
std::vector<Column> name_columns_of(const Sweep& sweep, const std::vector<TableRow>& rows) {
  std::vector<Column> columns;
  for (std::size_t k = 0; k < sweep.keys_but_seed(); ++k) {
    columns.push_back(key_column(sweep, k, rows));
  }
  Column& herds = columns.emplace_back(Column{{"herd"}, true});
  for (const TableRow& row : rows) herds.cells.push_back(short_text(row.herd));
  return columns;
}

// Returns one table with the usual metrics, or with those that were asked for, in as many tables as
// they need.
std::string tables_of(const Sweep& sweep, const SweepResults& results,
                      const std::vector<TableRow>& rows, std::size_t width,
                      std::span<const std::size_t> asked) {
  const std::vector<Column> names = name_columns_of(sweep, rows);
  std::vector<Column> columns = names;
  std::string out;
  for (const std::size_t metric : asked.empty() ? std::span(kUsualMetrics) : asked) {
    Column column = metric_column(sweep, results, rows, metric);
    if (asked.empty() && !is_known(column)) continue;
    if (total_width(columns) + kColumnGap + column.width() > width) {
      if (asked.empty()) break;
      if (columns.size() > names.size()) out += layout(columns) + '\n';
      columns = names;
    }
    columns.push_back(std::move(column));
  }
  return out + layout(columns);
}

std::string table_of(const Sweep& sweep, const SweepResults& results, std::vector<TableRow> rows,
                     std::size_t width, std::span<const std::size_t> metrics) {
  const std::size_t all = rows.size();
  if (all > kMostRows) rows.resize(kMostRows);
  std::string out = tables_of(sweep, results, rows, width, metrics);
  if (all > rows.size())
    out += fmt::format("… and {} in sweep.csv\n", counted(all - rows.size(), "more row"));
  return out;
}

// Returns "point 7 (herds.*.servers = 5, seed = 3)".
std::string point_words(const Sweep& sweep, std::size_t point) {
  return fmt::format("point {} ({})", point + 1, printable(sweep.describe(point)));
}

std::string expectation_lines(const Sweep& sweep, const SweepResults& results,
                              const Screen& screen) {
  std::size_t total = 0;
  std::size_t held = 0;
  std::string lines;
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    for (const ExpectationResult& expectation : results.points[p].expectations) {
      ++total;
      if (expectation.held) {
        ++held;
        continue;
      }
      lines += "  " + in_red("FAILED", screen) + ' ' + point_words(sweep, p) + ' ' +
               describe_failure(expectation) + '\n';
    }
  }
  if (total == 0) return {};
  return fmt::format("expectations  {} of {} held\n", held, total) + lines;
}

// Returns "40 points", or "shard 2/4: 10 of 40 points".
std::string points_words(const Sweep& sweep, const SweepResults& results) {
  std::string all = counted(results.points.size(), "point");
  if (!sweep.shard) return all;
  return fmt::format("shard {}: {} of {}", to_string(*sweep.shard), results.own(), all);
}

}  // namespace

std::string sweep_progress_line(const SweepProgress& progress) {
  std::string out = fmt::format("{} of {} points", progress.done, progress.total);
  if (progress.failed > 0) out += fmt::format(", {} failed", progress.failed);
  return out;
}

std::string sweep_table(const Sweep& sweep, const SweepResults& results,
                        const std::optional<std::filesystem::path>& folder, const Screen& screen,
                        std::span<const std::size_t> metrics) {
  const std::size_t left = results.count(PointStatus::kNotRun);
  std::string out = printable(sweep.name) + "  " + points_words(sweep, results);
  if (sweep.seeds() > 1 && !sweep.shard)
    out += fmt::format(", medians over {} seeds", sweep.seeds());
  out += '\n';
  if (const std::size_t failed = results.count(PointStatus::kFailed); failed > 0) {
    out += in_red("INCOMPLETE", screen) + ": " + counted(failed, "point") +
           " could not be carried out (--resume tries again)\n";
  }
  if (left > 0) {
    out += in_red("INCOMPLETE", screen) + ": " + counted(left, "point") +
           " not run yet (--resume runs the rest)\n";
  }
  // Medians over the seeds of one shard would say nothing.
  const std::vector<TableRow> rows =
      sweep.shard ? std::vector<TableRow>() : rows_of(sweep, results);
  if (!rows.empty()) out += '\n' + table_of(sweep, results, rows, screen.columns, metrics);
  out += '\n';
  out += expectation_lines(sweep, results, screen);
  if (!folder) return out + files_line(folder);
  out += fmt::format("files         {}: {}\n", printable(folder->string()),
                     sweep.shard ? "herdsim gather joins it with the other shards"
                                 : "sweep.csv has the spreads, summary.csv every point");
  return out;
}

std::string sweep_failures(const Sweep& sweep, const SweepResults& results) {
  std::map<std::string, std::vector<std::size_t>> by_reason;
  for (std::size_t p = 0; p < results.points.size(); ++p) {
    const PointResult& point = results.points[p];
    if (point.status == PointStatus::kFailed) by_reason[point.why].push_back(p);
  }
  std::string out;
  for (const auto& [why, points] : by_reason) {
    out += printable(sweep.name) + ": " + point_words(sweep, points.front());
    if (points.size() > 1) out += " and " + counted(points.size() - 1, "more point");
    out += ": not carried out: " + printable(why) + '\n';
  }
  return out;
}

std::string missing_points(const Sweep& sweep, const SweepResults& results) {
  const std::size_t missing = results.count(PointStatus::kNotRun);
  if (missing == 0) return {};
  std::string out = fmt::format("{}: {} {} missing:\n", printable(sweep.name),
                                counted(missing, "point"), missing == 1 ? "is" : "are");
  std::size_t named = 0;
  for (std::size_t p = 0; p < results.points.size() && named < kMostRows; ++p) {
    if (results.points[p].status != PointStatus::kNotRun) continue;
    out += "  " + point_words(sweep, p) + '\n';
    ++named;
  }
  if (missing > named) out += fmt::format("  … and {}: run.json has all\n", missing - named);
  return out;
}

}  // namespace sim
