#include "sim/measure/results/expectations.h"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>
#include <utility>

#include "tests/sim/measure/results_fixture.h"

namespace sim {
namespace {

HerdResults herd_with(const std::string& name, std::string_view metric, Cell cell) {
  HerdResults herd;
  herd.herd = name;
  test::set_cell(herd, metric, std::move(cell));
  return herd;
}

Scenario expecting(Expectation expectation, const std::vector<std::string>& herds = {"one"}) {
  Scenario scenario;
  for (const auto& name : herds) scenario.herds.emplace_back().name = name;
  scenario.expect.push_back(std::move(expectation));
  return scenario;
}

Expectation bounds(std::optional<double> equals, std::optional<double> min,
                   std::optional<double> max) {
  return {"one", "updates", equals, min, max};
}

TEST(Expectations, HoldOrNot) {
  const auto none = std::nullopt;
  struct Row {
    std::string_view name;
    Cell cell;
    Expectation expectation;
    bool held;
  };
  const Row rows[] = {
      {"count equal", std::int64_t{10}, bounds(10, none, none), true},
      {"count off by one", std::int64_t{11}, bounds(10, none, none), false},
      {"count exact, however large", std::int64_t{5'000'000'001}, bounds(5e9, none, none), false},
      {"double equal within the tolerance", 10.000000001, bounds(10, none, none), true},
      {"double beyond it", 10.0001, bounds(10, none, none), false},
      {"a third", 1.0 / 3, bounds(0.3333333333, none, none), true},
      {"double zero", 0.0, bounds(0, none, none), true},
      {"nearly zero is not zero", 1e-12, bounds(0, none, none), false},
      {"latency in microseconds", Latency{Duration(1'500)}, bounds(1.5, none, none), true},
      {"at least, on the bound", std::int64_t{4}, bounds(none, 4, none), true},
      {"below the least", std::int64_t{3}, bounds(none, 4, none), false},
      {"at most, on the bound", std::int64_t{4}, bounds(none, none, 4), true},
      {"above the most", 4.0000001, bounds(none, none, 4), false},
      {"between", Latency{Duration(5'000)}, bounds(none, 4, 6), true},
      {"one of two bounds broken", Latency{Duration(7'000)}, bounds(none, 4, 6), false},
      {"unknown", Cell(), bounds(none, 0, none), false},
      {"text", std::string("5"), bounds(5, none, none), false},
      {"no number", std::numeric_limits<double>::quiet_NaN(), bounds(none, 0, none), false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto results =
        check_expectations(expecting(row.expectation), {herd_with("one", "updates", row.cell)});
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(results[0].held, row.held);
  }
}

TEST(Expectations, ResultNamesWhatWasAskedAndFound) {
  const auto results =
      check_expectations(expecting({"one", "propagation_p99_us", std::nullopt, 1, 2}),
                         {herd_with("one", "propagation_p99_us", Latency{Duration(2'345'678)})});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].herd, "one");
  EXPECT_EQ(results[0].metric, "propagation_p99_us");
  EXPECT_EQ(results[0].equals, std::nullopt);
  EXPECT_EQ(results[0].min, 1);
  EXPECT_EQ(results[0].max, 2);
  ASSERT_TRUE(results[0].figure);
  EXPECT_DOUBLE_EQ(*results[0].figure, 2345.678);
}

TEST(Expectations, UnknownHasNoFigure) {
  const auto results = check_expectations(expecting(bounds(1, std::nullopt, std::nullopt)),
                                          {herd_with("one", "updates", Cell())});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].figure, std::nullopt);
}

TEST(Expectations, StarIsEveryHerdInTheScenariosOrder) {
  const Scenario scenario =
      expecting({"*", "updates", 5, std::nullopt, std::nullopt}, {"b", "a", "gone"});
  const auto results = check_expectations(scenario, {herd_with("a", "updates", std::int64_t{4}),
                                                     herd_with("b", "updates", std::int64_t{5})});
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].herd, "b");
  EXPECT_TRUE(results[0].held);
  EXPECT_EQ(results[1].herd, "a");
  EXPECT_FALSE(results[1].held);
  EXPECT_EQ(results[2].herd, "gone");
  EXPECT_FALSE(results[2].held) << "a herd without results holds nothing";
  EXPECT_EQ(results[2].figure, std::nullopt);
}

TEST(Expectations, NamesOneHerdOnly) {
  const Scenario scenario = expecting({"b", "updates", 5, std::nullopt, std::nullopt}, {"a", "b"});
  const auto results = check_expectations(scenario, {herd_with("a", "updates", std::int64_t{4}),
                                                     herd_with("b", "updates", std::int64_t{5})});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].held);
}

TEST(Expectations, NoneAreNone) { EXPECT_TRUE(check_expectations(Scenario(), {}).empty()); }

}  // namespace
}  // namespace sim
