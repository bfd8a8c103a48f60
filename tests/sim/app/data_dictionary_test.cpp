// Tests that results/README.md has a table of columns for each CSV file, as printed from the
// program's own tables. If a test fails, replace the table in the page by the one that it prints.

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "sim/app/sweep/sweep_tables.h"
#include "sim/measure/results/tables.h"
#include "sim/run/plan_csv.h"
#include "sim/script/spec/summary_columns.h"
#include "tests/sim/measure/results_support.h"

namespace sim {
namespace {

std::string line(std::initializer_list<std::string_view> cells) {
  std::string out = "|";
  for (const std::string_view cell : cells) {
    out += ' ';
    if (!cell.empty()) out.append(cell).append(" ");
    out += '|';
  }
  return out + '\n';
}

std::string code(std::string_view name) { return '`' + std::string(name) + '`'; }

std::string dictionary(std::span<const ColumnEntry> columns, const std::string& first_line = "") {
  std::string out = line({"column", "unit", "meaning", "empty when"});
  out += line({"---", "---", "---", "---"}) + first_line;
  for (const auto& [name, kind, meaning, empty_when] : columns) {
    out += line({code(name), unit_of(kind), meaning, empty_when});
  }
  return out;
}

std::string_view word_of(Better better) {
  switch (better) {
    case Better::kNeither:
      return "";
    case Better::kLower:
      return "lower";
    case Better::kHigher:
      return "higher";
  }
  return "";
}

std::string summary_dictionary() {
  std::string out = line({"column", "unit", "better", "meaning", "empty when"});
  out += line({"---", "---", "---", "---", "---"});
  for (const SummaryColumn& each : kSummaryColumns) {
    out += line(
        {code(each.name), unit_of(each.kind), word_of(each.better), each.meaning, each.empty_when});
  }
  return out;
}

// Returns the page from a heading up to the next one of its level; an empty string if the heading
// is missing.
std::string section(const std::string& page, const std::string& heading) {
  const std::size_t from = page.find("\n## " + heading + "\n");
  if (from == page.npos) return "";
  return page.substr(from, page.find("\n## ", from + 1) + 1 - from);
}

// Checks that the section has this table, and no other rows before or after it.
void expect_table(const std::string& heading, const std::string& table) {
  static const std::string page = test::read_file(HERDSIM_SOURCE_DIR "/results/README.md");
  EXPECT_TRUE(section(page, heading).find("\n\n" + table + "\n") != std::string::npos)
      << "results/README.md, \"## " << heading << "\", should have this table:\n\n"
      << table;
}

TEST(DataDictionary, HasEveryTableOfARun) {
  for (const Table& table : tables()) {
    const bool is_summary = table.file == "summary.csv";
    expect_table(std::string(table.file),
                 is_summary ? summary_dictionary() : dictionary(table.columns));
  }
}

TEST(DataDictionary, HasThePlan) {
  expect_table(std::string(kPlanFile), dictionary(plan_columns()));
}

TEST(DataDictionary, HasTheSpreadsOfASweep) {
  expect_table("Sweeps", dictionary(spread_columns(),
                                    line({"the swept keys", "text", "as in `summary.csv`", ""})));
}

}  // namespace
}  // namespace sim
