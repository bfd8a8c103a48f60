// The key `messages` of a scenario.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/script/scenario_support.h"

namespace sim::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string text_with(const std::string& members) {
  return R"({"name": "t", "duration": "10s", "herds": [{"name": "a"}])" + members + "}";
}
MessagesSpec messages(const std::string& members) { return parse(text_with(members)).messages; }

TEST(ScenarioMessages, AreAboutTwentyThousandRowsExceptAtSummary) {
  EXPECT_EQ(messages("").rows, 20'000U);
  EXPECT_EQ(messages(R"(, "record": "updates")").rows, 20'000U);
  EXPECT_EQ(messages(R"(, "record": "summary")").rows, 0U);
  EXPECT_FALSE(messages("").all);
  EXPECT_THAT(messages("").updates, IsEmpty());
}

TEST(ScenarioMessages, AreWhatTheScenarioSays) {
  EXPECT_EQ(messages(R"(, "messages": 0)").rows, 0U);
  EXPECT_TRUE(messages(R"(, "messages": "all")").all);
  EXPECT_EQ(messages(R"(, "messages": {"rows": 7}, "record": "summary")").rows, 7U);
  EXPECT_THAT(messages(R"(, "messages": {"updates": [203, 17]})").updates, ElementsAre(203, 17));
}

TEST(ScenarioMessages, RefuseEverythingElse) {
  const auto error = [](const std::string& value) {
    return error_of(text_with(R"(, "messages": )" + value));
  };
  EXPECT_THAT(error(R"("al")"), HasSubstr("did you mean 'all'?"));
  EXPECT_THAT(error("5"), HasSubstr(R"(is a number and not 0 ("all", 0, or an object)"));
  EXPECT_THAT(error("[1]"), HasSubstr(R"(is a list ("all", 0, or an object)"));
  EXPECT_THAT(error("{}"), HasSubstr(R"(is empty (one of "rows" and "updates"))"));
  EXPECT_THAT(error(R"({"rows": 5, "updates": [1]})"), HasSubstr(R"(has "rows" and "updates")"));
  EXPECT_THAT(error(R"({"updates": []})"), HasSubstr("messages.updates: is empty"));
  EXPECT_THAT(error(R"({"updates": [-1]})"), HasSubstr("messages.updates.0: -1 is out of range"));
  EXPECT_THAT(error(R"({"row": 5})"), HasSubstr("did you mean 'rows'?"));
}

}  // namespace
}  // namespace sim::test
