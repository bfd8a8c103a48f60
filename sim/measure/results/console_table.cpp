#include "sim/measure/results/console_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/text/numbers.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/measure/results/failure_words.h"
#include "sim/measure/results/figure_words.h"
#include "sim/measure/results/human.h"
#include "sim/measure/results/show_cell.h"
#include "sim/measure/results/shown_columns.h"
#include "sim/measure/results/text_columns.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMostColumns = 5;   // herds side by side
constexpr std::size_t kLongestName = 40;  // of a herd that heads a row
constexpr std::size_t kNotesShown = 10;
constexpr std::size_t kViolationsShown = 5;

bool says_nothing(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return *count == 0;
  if (const auto* latency = std::get_if<Latency>(&cell)) return latency->value == Duration(0);
  // The value of every herd with our own servers.
  const auto* text = std::get_if<std::string>(&cell);
  return text != nullptr && *text == to_string(Observed::kInside);
}

bool worth_showing(std::size_t column, const std::vector<HerdResults>& herds) {
  return std::any_of(herds.begin(), herds.end(), [&](const HerdResults& herd) {
    const Cell& cell = cell_of(herd, column);
    if (std::holds_alternative<std::monostate>(cell)) return false;
    const ShownColumn& shown = kSummaryColumns[column].shown;
    if (!shown.same_as.empty()) return cell != cell_of(herd, *find_column(shown.same_as));
    return !shown.rare || !says_nothing(cell);
  });
}

std::string shown(const HerdResults& herd, std::size_t column, bool is_virtual) {
  const Cell& cell = cell_of(herd, column);
  return show_cell(is_virtual && is_timeless(cell, column) ? Cell() : cell,
                   kSummaryColumns[column].kind);
}

// A column for each herd.
std::vector<Column> upright(const std::vector<std::size_t>& measures,
                            const std::vector<HerdResults>& herds, bool is_virtual) {
  std::vector<Column> columns;
  Column& labels = columns.emplace_back(Column{{""}, true});
  for (const std::size_t measure : measures) {
    labels.cells.emplace_back(kSummaryColumns[measure].shown.label);
  }
  for (const HerdResults& herd : herds) {
    Column& column = columns.emplace_back(Column{{printable(herd.herd)}});
    for (const std::size_t measure : measures)
      column.cells.push_back(shown(herd, measure, is_virtual));
  }
  return columns;
}

// A row for each herd, in as many tables below each other as the measures need.
std::string sideways(const std::vector<std::size_t>& measures,
                     const std::vector<HerdResults>& herds, bool is_virtual, std::size_t width) {
  Column names{{"herd"}, true};
  for (const HerdResults& herd : herds) {
    names.cells.push_back(shorten(printable(herd.herd), std::min(kLongestName, width / 2)));
  }
  std::string out;
  std::vector<Column> block{names};
  const auto flush = [&] {
    if (!out.empty()) out += '\n';
    out += layout(block);
    block.assign(1, names);
  };
  for (const std::size_t measure : measures) {
    Column column{{std::string(kSummaryColumns[measure].shown.head)}};
    for (const HerdResults& herd : herds) {
      column.cells.push_back(shown(herd, measure, is_virtual));
    }
    if (block.size() > 1 && total_width(block) + kColumnGap + column.width() > width) flush();
    block.push_back(std::move(column));
  }
  if (block.size() > 1 || out.empty()) flush();
  return out;
}

std::string herd_table(const std::vector<HerdResults>& herds, bool is_virtual, std::size_t width) {
  std::vector<std::size_t> measures = shown_columns();
  std::erase_if(measures, [&](std::size_t measure) { return !worth_showing(measure, herds); });
  if (herds.size() <= kMostColumns) {
    const std::vector<Column> columns = upright(measures, herds, is_virtual);
    if (total_width(columns) <= width) return layout(columns);
  }
  return sideways(measures, herds, is_virtual, width);
}

std::string expectation_lines(const std::vector<ExpectationResult>& expectations,
                              const Screen& screen) {
  if (expectations.empty()) return {};
  const auto held = std::count_if(expectations.begin(), expectations.end(),
                                  [](const ExpectationResult& e) { return e.held; });
  std::string out = fmt::format("expectations  {} of {} held\n", held, expectations.size());
  for (const ExpectationResult& expectation : expectations) {
    if (expectation.held) continue;
    out += "  " + in_red("FAILED", screen) + ' ' + describe_failure(expectation) + '\n';
  }
  return out;
}

// Returns the number of violations. The summary also counts those that are not listed.
std::int64_t violations_of(const HerdResults& herd) {
  const auto* count = std::get_if<std::int64_t>(&cell_of(herd, column("violations")));
  const auto listed = static_cast<std::int64_t>(herd.violations.size());
  return count != nullptr ? std::max(*count, listed) : listed;
}

std::string violation_lines(const std::vector<HerdResults>& herds, const Screen& screen) {
  std::int64_t total = 0;
  std::int64_t shown = 0;
  std::string lines;
  for (const HerdResults& herd : herds) {
    total += violations_of(herd);
    for (const std::string& violation : herd.violations) {
      if (shown == kViolationsShown) break;
      lines += wrapped("  ", printable(herd.herd) + ": " + printable(violation), screen.columns);
      ++shown;
    }
  }
  if (total == 0) return {};
  if (total > shown) {
    lines += fmt::format("  … and {} more; run.json lists the first ones of each herd\n",
                         with_separators(total - shown));
  }
  return in_red("violations    " + with_separators(total), screen) + '\n' + lines;
}

// Returns a warning of a late script; an empty text if it was on time.
std::string lag_lines(const LatencyHistogram& lag, std::size_t width) {
  const auto p99 = lag.percentile(99);
  if (!p99 || *p99 <= kLagWorthTelling) return {};
  return wrapped("WARNING       ", "late script: " + late_script_words(*p99, *lag.max()), width);
}

std::optional<std::uint64_t> count_in(const HerdResults& herd, std::size_t column) {
  const auto* count = std::get_if<std::int64_t>(&cell_of(herd, column));
  return count != nullptr ? std::optional(static_cast<std::uint64_t>(*count)) : std::nullopt;
}

// Returns what became of the updates of each herd in which some did not reach every server.
std::string delivery_lines(const std::vector<HerdResults>& herds, std::size_t width) {
  std::string out;
  for (const HerdResults& herd : herds) {
    const auto accepted = count_in(herd, column("accepted"));
    const auto covered = count_in(herd, column("covered"));
    const auto superseded = count_in(herd, column("superseded_on_way"));
    if (!accepted || !covered || !superseded || *covered == *accepted) continue;
    out += wrapped("updates       ",
                   printable(herd.herd) + ": " + delivery_words(*accepted, *covered, *superseded),
                   width);
  }
  return out;
}

// Explains the times that the table of a virtual run does not have.
std::string timeless_lines(const std::vector<HerdResults>& herds, std::size_t width) {
  for (const HerdResults& herd : herds) {
    for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
      if (kSummaryColumns[i].shown.label.empty() || !is_timeless(cell_of(herd, i), i)) continue;
      return wrapped("hint          ",
                     "– stands for a time of 0: in virtual time only what the scenario gives a "
                     "time takes any. Give the links a latency, as --set "
                     "'herds.*.link.latency=10ms', or use --clock live.",
                     width);
    }
  }
  return {};
}

std::string note_lines(const std::vector<std::string>& notes, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < notes.size() && i < kNotesShown; ++i) {
    out += wrapped("note          ", printable(notes[i]), width);
  }
  if (notes.size() > kNotesShown) {
    out += fmt::format("note          … and {} more; events.csv has all of them\n",
                       notes.size() - kNotesShown);
  }
  return out;
}

std::string title(const Scenario& scenario, const RunResults& run, const Screen& screen) {
  const double seconds = std::chrono::duration<double>(scenario.duration).count();
  std::string out = printable(scenario.name);
  out += fmt::format("  seed {}, ", scenario.seed);
  append_real(out, seconds);
  out += " s\n";
  if (!run.complete) {
    out += in_red("INCOMPLETE", screen) +
           ": the run was interrupted; the figures cover only the time until then\n";
  }
  return out;
}

}  // namespace

std::string console_table(const Scenario& scenario, const RunResults& run,
                          const std::optional<std::filesystem::path>& folder,
                          const Screen& screen) {
  const bool is_virtual = scenario.clock == ClockKind::kVirtual;
  std::string out = title(scenario, run, screen);
  if (!run.herds.empty()) out += '\n' + herd_table(run.herds, is_virtual, screen.columns);
  out += '\n';
  out += delivery_lines(run.herds, screen.columns);
  if (is_virtual) out += timeless_lines(run.herds, screen.columns);
  out += expectation_lines(run.expectations, screen);
  out += violation_lines(run.herds, screen);
  out += lag_lines(run.schedule_lag, screen.columns);
  out += note_lines(run.notes, screen.columns);
  out += files_line(folder);
  return out;
}

}  // namespace sim
