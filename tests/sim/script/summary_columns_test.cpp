#include "sim/script/spec/summary_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <type_traits>

namespace sim {
namespace {

// A name as a template argument.
template <std::size_t kSize>
struct Name {
  consteval Name(const char (&name)[kSize]) { std::copy_n(name, kSize, text); }
  constexpr std::string_view view() const { return {text, kSize - 1}; }

  char text[kSize];
};

// Whether column(kName) compiles.
template <Name kName>
concept Compiles = requires {
  typename std::integral_constant<std::size_t, column(kName.view())>;
};

static_assert(Compiles<"scenario"> && Compiles<"queries"> && Compiles<"silences">);
static_assert(!Compiles<"querys"> && !Compiles<"Queries"> && !Compiles<"querie"> && !Compiles<"">);
static_assert(column("scenario") == 0 && column("silences") >= 61);

TEST(SummaryColumns, AreFoundByName) {
  for (std::size_t i = 0; i < kSummaryColumns.size(); ++i) {
    EXPECT_EQ(find_column(kSummaryColumns[i].name), i);
  }
  EXPECT_FALSE(find_column("querys"));
  EXPECT_FALSE(find_column(""));
}

TEST(SummaryColumns, AllHaveAMeaning) {
  for (const SummaryColumn& each : kSummaryColumns) EXPECT_NE(each.meaning, "") << each.name;
}

// The endings of names are part of the contract.
TEST(SummaryColumns, NamesTellTheUnit) {
  for (const SummaryColumn& each : kSummaryColumns) {
    EXPECT_EQ(each.name.ends_with("_us"), each.kind == ColumnKind::kMicros) << each.name;
    EXPECT_EQ(each.name.ends_with("_mib"), each.kind == ColumnKind::kMib) << each.name;
    EXPECT_EQ(each.name.ends_with("_s"),
              each.kind == ColumnKind::kSeconds || each.kind == ColumnKind::kRate)
        << each.name;
  }
}

TEST(SummaryColumns, ShownOnesHaveBothNamesAndAPlaceOfTheirOwn) {
  std::set<int> places;
  for (const auto& [name, kind, better, meaning, empty_when, shown, of_machine] : kSummaryColumns) {
    EXPECT_TRUE(shown.label.empty() || !shown.head.empty()) << name;
    if (shown.label.empty()) continue;
    EXPECT_GT(shown.place, 0) << name;
    EXPECT_TRUE(places.insert(shown.place).second) << name;
  }
}

}  // namespace
}  // namespace sim
