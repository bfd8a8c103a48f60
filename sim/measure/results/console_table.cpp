#include "sim/measure/results/console_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/text/utf8.h"
#include "sim/measure/results/failure_words.h"
#include "sim/measure/results/human.h"
#include "sim/measure/results/numbers.h"
#include "sim/measure/results/text_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMostColumns = 5;   // herds side by side
constexpr std::size_t kLongestName = 40;  // of a herd that heads a row
constexpr std::size_t kNotesShown = 10;
constexpr std::size_t kViolationsShown = 5;
constexpr Duration kLagWorthTelling = std::chrono::milliseconds(1);  // at the 99th percentile
constexpr std::string_view kUnknown = "–";

enum class Style { kPlain, kRatio, kYesNo, kSeconds, kMib };
enum class Show { kKnown, kNonZero };  // where some herd knows it, or has some of it

struct Measure {
  std::string_view column;  // of summary.csv
  std::string_view label;   // at the front of a row
  std::string_view head;    // above a column
  Style style = Style::kPlain;
  Show show = Show::kKnown;
};

constexpr std::array kMeasures = {
    Measure{"propagation", "propagation", "scheme"},
    Measure{"servers", "servers", "servers"},
    Measure{"links", "links", "links"},
    Measure{"updates", "updates", "updates"},
    Measure{"accepted", "accepted", "accepted"},
    Measure{"messages_per_update", "messages per update", "msgs/upd", Style::kRatio},
    Measure{"duplicates_per_update", "duplicates per update", "dups/upd", Style::kRatio},
    Measure{"redundancy", "redundancy", "redund", Style::kRatio},
    Measure{"echoes", "echoes", "echoes"},
    Measure{"stale", "stale", "stale"},
    Measure{"deliveries_again", "deliveries again", "again", Style::kPlain, Show::kNonZero},
    Measure{"lost", "lost", "lost"},
    Measure{"undelivered", "undelivered", "undelivered"},
    Measure{"wrong_records", "wrong records", "wrong", Style::kPlain, Show::kNonZero},
    Measure{"covered", "covered", "covered"},
    Measure{"propagation_p50_us", "propagation p50", "prop p50"},
    Measure{"propagation_p99_us", "propagation p99", "prop p99"},
    Measure{"propagation_max_us", "propagation max", "prop max"},
    Measure{"coverage_p50_us", "coverage p50", "cover p50"},
    Measure{"coverage_max_us", "coverage max", "cover max"},
    Measure{"reply_p50_us", "reply p50", "reply p50"},
    Measure{"reply_p99_us", "reply p99", "reply p99"},
    Measure{"reply_max_us", "reply max", "reply max"},
    Measure{"queries", "queries", "queries", Style::kPlain, Show::kNonZero},
    Measure{"query_errors", "query errors", "query errs", Style::kPlain, Show::kNonZero},
    Measure{"query_p50_us", "query p50", "query p50"},
    Measure{"query_p99_us", "query p99", "query p99"},
    Measure{"handovers", "handovers", "handovers"},
    Measure{"handover_p50_us", "handover p50", "hand p50"},
    Measure{"handovers_stale", "handovers stale", "hand stale", Style::kPlain, Show::kNonZero},
    Measure{"staleness_p50_us", "staleness p50", "stale p50", Style::kPlain, Show::kNonZero},
    Measure{"staleness_max_us", "staleness max", "stale max", Style::kPlain, Show::kNonZero},
    Measure{"link_drops", "link drops", "drops"},
    Measure{"observed", "observed by", "observed", Style::kPlain, Show::kNonZero},
    Measure{"server_restarts", "server restarts", "restarts", Style::kPlain, Show::kNonZero},
    Measure{"connections_lost", "connections lost", "conn lost", Style::kPlain, Show::kNonZero},
    Measure{"odd_replies", "odd replies", "odd", Style::kPlain, Show::kNonZero},
    Measure{"refusals", "refusals", "refusals", Style::kPlain, Show::kNonZero},
    Measure{"closings", "closings", "closings", Style::kPlain, Show::kNonZero},
    Measure{"silences", "silences", "silences", Style::kPlain, Show::kNonZero},
    Measure{"repairs", "repairs", "repairs", Style::kPlain, Show::kNonZero},
    Measure{"sync_bytes", "sync bytes", "sync bytes", Style::kPlain, Show::kNonZero},
    Measure{"converged", "converged", "conv", Style::kYesNo},
    Measure{"violations", "violations", "violations"},
    Measure{"cpu_s", "CPU time", "CPU time", Style::kSeconds},
    Measure{"rss_mib", "memory", "memory", Style::kMib},
};

const Cell& cell_of(const HerdResults& herd, std::string_view column) {
  static const Cell kNone;
  const auto at = std::find_if(kSummaryColumns.begin(), kSummaryColumns.end(),
                               [&](const SummaryColumn& c) { return c.name == column; });
  const auto index = static_cast<std::size_t>(at - kSummaryColumns.begin());
  return index < herd.summary.size() ? herd.summary[index] : kNone;
}

std::string show_double(double value, Style style) {
  switch (style) {
    case Style::kSeconds:
      return fmt::format("{:.2f} s", value);
    case Style::kMib:
      return fmt::format("{:.1f} MiB", value);
    case Style::kPlain:
    case Style::kRatio:
    case Style::kYesNo:
      break;
  }
  return fmt::format("{:.2f}", value);
}

std::string show_cell(const Cell& cell, Style style) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) {
    if (style == Style::kYesNo) return *count != 0 ? "yes" : "no";
    return with_separators(*count);
  }
  if (const auto* value = std::get_if<double>(&cell)) return show_double(*value, style);
  if (const auto* latency = std::get_if<Latency>(&cell)) return human_duration(latency->value);
  if (const auto* text = std::get_if<std::string>(&cell)) return printable(*text);
  return std::string(kUnknown);
}

bool says_nothing(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return *count == 0;
  if (const auto* latency = std::get_if<Latency>(&cell)) return latency->value == Duration(0);
  // The value of every herd with our own servers.
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr && *text == to_string(Observed::kInside);
}

bool worth_showing(const Measure& measure, const std::vector<HerdResults>& herds) {
  return std::any_of(herds.begin(), herds.end(), [&](const HerdResults& herd) {
    const Cell& cell = cell_of(herd, measure.column);
    if (std::holds_alternative<std::monostate>(cell)) return false;
    return measure.show == Show::kKnown || !says_nothing(cell);
  });
}

std::vector<Column> upright(const std::vector<Measure>& measures,
                            const std::vector<HerdResults>& herds) {
  std::vector<Column> columns;
  Column& labels = columns.emplace_back(Column{{""}, true});
  for (const Measure& measure : measures) labels.cells.emplace_back(measure.label);
  for (const HerdResults& herd : herds) {
    Column& column = columns.emplace_back(Column{{printable(herd.herd)}});
    for (const Measure& measure : measures) {
      column.cells.push_back(show_cell(cell_of(herd, measure.column), measure.style));
    }
  }
  return columns;
}

// A row for each herd, in as many tables below each other as the measures need.
std::string sideways(const std::vector<Measure>& measures, const std::vector<HerdResults>& herds) {
  Column names{{"herd"}, true};
  for (const HerdResults& herd : herds) {
    names.cells.push_back(shorten(printable(herd.herd), kLongestName));
  }
  std::string out;
  std::vector<Column> block{names};
  const auto flush = [&] {
    if (!out.empty()) out += '\n';
    out += layout(block);
    block.assign(1, names);
  };
  for (const Measure& measure : measures) {
    Column column{{std::string(measure.head)}};
    for (const HerdResults& herd : herds) {
      column.cells.push_back(show_cell(cell_of(herd, measure.column), measure.style));
    }
    if (block.size() > 1 && total_width(block) + kColumnGap + column.width() > kTableWidth) flush();
    block.push_back(std::move(column));
  }
  if (block.size() > 1 || out.empty()) flush();
  return out;
}

std::string herd_table(const std::vector<HerdResults>& herds) {
  std::vector<Measure> measures;
  std::copy_if(kMeasures.begin(), kMeasures.end(), std::back_inserter(measures),
               [&](const Measure& measure) { return worth_showing(measure, herds); });
  if (herds.size() <= kMostColumns) {
    const std::vector<Column> columns = upright(measures, herds);
    if (total_width(columns) <= kTableWidth) return layout(columns);
  }
  return sideways(measures, herds);
}

std::string expectation_lines(const std::vector<ExpectationResult>& expectations) {
  if (expectations.empty()) return {};
  const auto held = std::count_if(expectations.begin(), expectations.end(),
                                  [](const ExpectationResult& e) { return e.held; });
  std::string out = fmt::format("expectations  {} of {} held\n", held, expectations.size());
  for (const ExpectationResult& expectation : expectations) {
    if (expectation.held) continue;
    out += "  FAILED " + describe_failure(expectation) + '\n';
  }
  return out;
}

// Returns the number of violations. The summary also counts those that are not listed.
std::int64_t violations_of(const HerdResults& herd) {
  const auto* count = std::get_if<std::int64_t>(&cell_of(herd, "violations"));
  const auto listed = static_cast<std::int64_t>(herd.violations.size());
  return count != nullptr ? std::max(*count, listed) : listed;
}

std::string violation_lines(const std::vector<HerdResults>& herds) {
  std::int64_t total = 0;
  std::int64_t shown = 0;
  std::string lines;
  for (const HerdResults& herd : herds) {
    total += violations_of(herd);
    for (const std::string& violation : herd.violations) {
      if (shown == kViolationsShown) break;
      lines += "  " + shorten(printable(herd.herd) + ": " + printable(violation), kTableWidth - 2) +
               '\n';
      ++shown;
    }
  }
  if (total == 0) return {};
  if (total > shown) {
    lines += fmt::format("  … and {} more; run.json lists the first ones of each herd\n",
                         with_separators(total - shown));
  }
  return fmt::format("violations    {}\n", with_separators(total)) + lines;
}

// Returns an explanation of what a late script means for the figures; an empty text if it was on
// time.
std::string lag_lines(const LatencyHistogram& lag) {
  const auto p99 = lag.percentile(99);
  if (!p99 || *p99 <= kLagWorthTelling) return {};
  return fmt::format(
      "late script   the clients fell behind the script: 1 action in 100 was at least {} late,\n"
      "              the worst {}. Reply times include this delay; use fewer clients or updates.\n",
      human_duration(*p99), human_duration(*lag.max()));
}

std::string note_lines(const std::vector<std::string>& notes) {
  std::string out;
  for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
    out += "note          " + shorten(printable(notes[i]), kTableWidth - 14) + '\n';
  }
  if (notes.size() > kNotesShown) {
    out += fmt::format("note          … and {} more; events.csv has all of them\n",
                       notes.size() - kNotesShown);
  }
  return out;
}

std::string title(const Scenario& scenario, const RunResults& run) {
  const double seconds = std::chrono::duration<double>(scenario.duration).count();
  std::string out = printable(scenario.name);
  out += fmt::format("  seed {}, ", scenario.seed);
  append_double(out, seconds);
  out += " s\n";
  if (!run.complete)
    out += "INCOMPLETE: the run was interrupted; the figures cover only the time until then\n";
  return out;
}

}  // namespace

std::string console_table(const Scenario& scenario, const RunResults& run,
                          const std::filesystem::path& folder) {
  std::string out = title(scenario, run);
  if (!run.herds.empty()) out += '\n' + herd_table(run.herds);
  out += '\n';
  out += expectation_lines(run.expectations);
  out += violation_lines(run.herds);
  out += lag_lines(run.schedule_lag);
  out += note_lines(run.notes);
  out += "files         " + printable(folder.string()) + '\n';
  return out;
}

}  // namespace sim
