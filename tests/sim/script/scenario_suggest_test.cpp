#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/script/read/suggest.h"

namespace sim {
namespace {

TEST(EditDistance, CountsLettersThatDiffer) {
  struct Row {
    std::string_view a, b;
    std::size_t distance;
  };
  constexpr Row kRows[] = {
      {"", "", 0},           {"", "abc", 3},         {"flood", "flood", 0},
      {"flood", "Flood", 0}, {"floood", "flood", 1}, {"flod", "flood", 1},
      {"flxod", "flood", 1}, {"lfood", "flood", 1},  {"kitten", "sitting", 3},
  };
  for (const auto& [a, b, distance] : kRows) {
    EXPECT_EQ(edit_distance(a, b), distance) << a << ' ' << b;
    EXPECT_EQ(edit_distance(b, a), distance) << b << ' ' << a;
  }
}

TEST(Suggest, FindsTheNearestNameOrNone) {
  const std::vector<std::string> names = {"Alford", "Ball", "Hamilton", "Holiday", "Welsh", "b"};
  struct Row {
    std::string_view name, want;
  };
  constexpr Row kRows[] = {
      {"Alfrod", "Alford"},
      {"alford", "Alford"},
      {"Hamiltan", "Hamilton"},
      {"Bal", "Ball"},
      {"Holyday", "Holiday"},
      {"Wels", "Welsh"},
      {"Paris", ""},
      {"x", ""},
      {"", ""},
  };
  for (const auto& [name, want] : kRows) {
    EXPECT_EQ(suggest(name, names).value_or(""), want) << name;
  }
}

TEST(Suggest, DoesNotDependOnTheOrderOfEquals) {
  EXPECT_EQ(suggest("S1x", std::vector<std::string>{"S12", "S11"}), "S11");
  EXPECT_EQ(suggest("S1x", std::vector<std::string>{"S11", "S12"}), "S11");
}

}  // namespace
}  // namespace sim
