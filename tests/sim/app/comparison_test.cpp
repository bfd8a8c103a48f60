// A whole comparison of two made-up sides, as the command makes it from folders.
#include "sim/app/compare/comparison.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/app/compare/finding_words.h"
#include "sim/app/compare/formats.h"
#include "sim/app/compare/matched_rows.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

constexpr std::size_t kMessages = column("messages"), kLost = column("lost");

ComparedSide side(const std::string& label, const std::string& scenario = "{}") {
  ComparedSide out;
  out.name = {label, "results/" + label, ""};
  out.run = parse_json(R"({"complete": true, "files": [], "start": ")" + label +
                       R"(", "scenario": )" + scenario + "}");
  return out;
}

void add_row(ComparedSide& to, const std::string& herd, int seed, double messages,
             const std::string& point = "", bool is_virtual = false) {
  ComparedRow& row = to.rows.emplace_back();
  row.point = point;
  row.herd = herd;
  row.seed = std::to_string(seed);
  row.is_virtual = is_virtual;
  row.figures.resize(kSummaryColumns.size());
  row.figures[kMessages] = messages;
}

herd::Result<Comparison, CompareError> compared(ComparedSide base, ComparedSide other,
                                                const std::vector<std::string>& gates = {}) {
  CompareOptions options{{}, {kMessages, kLost}};
  for (const std::string& each : gates) options.gates.push_back(*read_gate(each));
  std::vector<ComparedSide> sides;
  sides.push_back(std::move(base));
  sides.push_back(std::move(other));
  return compare_sides(std::move(sides), options);
}

TEST(Comparison, OneHerdEachMatchWhateverTheirNames) {
  ComparedSide base = side("a"), other = side("b");
  add_row(base, "old", 1, 10, "", true);
  add_row(other, "new", 1, 5, "", true);
  const auto comparison = compared(std::move(base), std::move(other));
  ASSERT_TRUE(comparison.ok());
  const ComparedHerd& herd = comparison->comparisons.front().herds.front();
  EXPECT_EQ(herd_words(herd), "herds old and new");
  ASSERT_EQ(herd.findings.size(), 1U) << "nobody knows lost";
  EXPECT_EQ(change_words(herd.findings.front()), "-50.0 %");
}

TEST(Comparison, HerdsAndPointsThatOneSideHas) {
  ComparedSide base = side("a"), other = side("b");
  for (const char* const herd : {"x", "y"}) add_row(base, herd, 1, 10, "k = 1");
  for (const char* const herd : {"y", "z"}) add_row(other, herd, 1, 10, "k = 1");
  add_row(other, "y", 1, 10, "k = 2");
  const Matching matching = match_rows(base, other);
  ASSERT_EQ(matching.matches.size(), 1U);
  EXPECT_EQ(matching.matches.front().base_herd, "y");
  EXPECT_EQ(matching.only_base, (std::vector<std::string>{"herd x at k = 1"}));
  EXPECT_EQ(matching.only_other, (std::vector<std::string>{"herd z at k = 1", "herd y at k = 2"}));
}

TEST(Comparison, NothingInCommonCannotBeCompared) {
  ComparedSide base = side("a"), other = side("b");
  add_row(base, "x", 1, 10, "k = 1");
  add_row(other, "x", 1, 10, "k = 2");
  const auto comparison = compared(std::move(base), std::move(other));
  ASSERT_FALSE(comparison.ok());
  EXPECT_EQ(comparison.error().kind, CompareError::Kind::kUsage);
  EXPECT_EQ(comparison.error().what,
            "\"a\" and \"b\" have nothing to compare: no herd of the same name at the same point "
            "(the first has herd x at k = 1, the second herd x at k = 2)");
}

TEST(Comparison, ALostHerdIsMissingForEachGate) {
  ComparedSide base = side("a"), other = side("b");
  for (const char* const herd : {"x", "y"}) add_row(base, herd, 1, 10);
  add_row(other, "x", 1, 10);
  add_row(other, "w", 1, 10);
  const auto comparison = compared(std::move(base), std::move(other), {"messages:+0", "lost:+0"});
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->count(GateState::kMissing), 3U) << "lost of x, and both of y";
}

TEST(Comparison, GatedFiguresAreAdjustedTogether) {
  ComparedSide base = side("a"), other = side("b");
  for (int seed = 1; seed <= 7; ++seed) {
    for (const char* const herd : {"x", "y"}) {
      add_row(base, herd, seed, 100 + seed);
      add_row(other, herd, seed, 200 + seed);
    }
  }
  const auto comparison = compared(std::move(base), std::move(other), {"messages:+5%"});
  ASSERT_TRUE(comparison.ok());
  for (const ComparedHerd& herd : comparison->comparisons.front().herds) {
    const Finding& finding = herd.findings.front();
    EXPECT_DOUBLE_EQ(*finding.p, 2.0 / 128);
    EXPECT_DOUBLE_EQ(*finding.adjusted_p, 4.0 / 128);
    EXPECT_EQ(finding.gate_state, GateState::kTripped);
  }
  EXPECT_EQ(comparison->notes, std::vector<std::string>());
}

TEST(Comparison, SaysIfSoFewRunsCannotDecideSoManyGates) {
  ComparedSide base = side("a"), other = side("b");
  for (int seed = 1; seed <= 6; ++seed) {
    for (const char* const herd : {"x", "y"}) {
      add_row(base, herd, seed, 100 + seed);
      add_row(other, herd, seed, 200 + seed);
    }
  }
  const auto comparison = compared(std::move(base), std::move(other), {"messages:+5%"});
  ASSERT_TRUE(comparison.ok());
  EXPECT_EQ(comparison->count(GateState::kTripped), 0U);
  ASSERT_EQ(comparison->notes.size(), 1U);
  EXPECT_NE(comparison->notes.front().find("too few runs to decide"), std::string::npos);
}

TEST(Comparison, WhatDiffersIsToldByTheNamesOfHerds) {
  ComparedSide base =
      side("a", R"({"about": "1", "seed": 1, "herds": [{"name": "x", "batch": 1}]})");
  ComparedSide other = side(
      "b", R"({"about": "2", "seed": 1, "drain": "2s", "herds": [{"name": "x", "batch": 2}]})");
  add_row(base, "x", 1, 10);
  add_row(other, "x", 1, 10);
  const std::vector<Difference> found = what_differs(base, other);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].key, "drain");
  EXPECT_EQ(found[0].base, "");
  EXPECT_EQ(found[0].other, "\"2s\"");
  EXPECT_EQ(found[1].key, "herd.batch");
}

TEST(Comparison, TablesAreNarrowAndAligned) {
  ComparedSide base = side("a side with a very long label"), other = side("日本語のラベル");
  for (int seed = 1; seed <= 10; ++seed) {
    add_row(base, "x", seed, 1'000'000 + seed * 1000);
    add_row(other, "x", seed, 1'100'000 + seed * 900);
  }
  const auto comparison = compared(std::move(base), std::move(other));
  ASSERT_TRUE(comparison.ok());
  const std::string text = comparison_text(*comparison);
  EXPECT_NE(text.find("herd x, 10 pairs of runs with the same seed\n"), std::string::npos) << text;
  EXPECT_NE(text.find("a side with a v…  日本語のラベル"), std::string::npos) << text;
  EXPECT_NE(text.find("worse\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace sim
