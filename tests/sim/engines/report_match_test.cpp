#include "sim/engines/watch/report_match.h"

#include <gtest/gtest.h>

#include "core/format.h"

namespace sim {
namespace {

constexpr herd::PosixNs kRunBegins = 1'479'413'884'000'000'000;

// Two clients with three updates each, a second apart and a little after the full second.
Plan plan() {
  Plan plan;
  plan.subjects = {"kiwi.cs.ucla.edu", "plum"};
  for (std::uint32_t i = 0; i < 6; ++i) {
    PlannedUpdate update;
    update.subject = i % 2;
    update.stamp = i / 2 * 1'000'000'000LL + 392'014'450;
    update.location = {};
    plan.updates.push_back(update);
  }
  return plan;
}

class ReportMatchTest : public testing::Test {
 protected:
  std::optional<std::uint32_t> find(std::string_view line) { return matcher_.find(line); }
  Plan plan_ = plan();
  ReportMatcher matcher_{plan_, kRunBegins};
};

TEST_F(ReportMatchTest, FindsWhatIsSaidWordForWord) {
  EXPECT_EQ(find("AT Alford +0.26 kiwi.cs.ucla.edu +34.0-118.4 1479413884.392014450"), 0u);
  EXPECT_EQ(find("AT Alford +0.26 plum +34.0-118.4 1479413885.392014450"), 3u);
}

TEST_F(ReportMatchTest, FieldsMayBeMissingOrMore) {
  EXPECT_EQ(find("AT plum +34.0-118.4 1479413886.392014450"), 5u);
  EXPECT_EQ(find("AT Alford +0.26 plum +34.0-118.4 1479413884.392014450 Ball Holiday"), 1u);
  EXPECT_EQ(find("AT Alford --0.26 plum +34.0-118.4 1479413884.392014450"), 1u);
}

TEST_F(ReportMatchTest, TimesMayHaveOtherDigits) {
  EXPECT_EQ(find("AT A +0 plum +1-1 1479413884.392014"), 1u);       // %f
  EXPECT_EQ(find("AT A +0 plum +1-1 1479413884.3920145"), 1u);      // repr of a double
  EXPECT_EQ(find("AT A +0 plum +1-1 1479413884.39"), 1u);           // str of an old Python's
  EXPECT_EQ(find("AT A +0 plum +1-1 1479413884.39201450000"), 1u);  // and more than nine
  EXPECT_EQ(find("AT A +0 plum +1-1 1.4794138843920145e+09"), 1u);
}

TEST_F(ReportMatchTest, PunctuationMayStandAround) {
  EXPECT_EQ(find(R"({"client": "plum", "time": 1479413885.392014450})"), 3u);
  EXPECT_EQ(find("['AT', 'Alford', 'kiwi.cs.ucla.edu', '1479413885.392014450']"), 2u);
}

TEST_F(ReportMatchTest, WhatIsNoReportIsNotFound) {
  EXPECT_EQ(find(""), std::nullopt);
  EXPECT_EQ(find("HELLO Alford"), std::nullopt);
  EXPECT_EQ(find("AT Alford +0.26 pear +34.0-118.4 1479413884.392014450"), std::nullopt);
  EXPECT_EQ(find("AT Alford +0.26 plum +34.0-118.4 1479413884.7"), std::nullopt);
  EXPECT_EQ(find("AT Alford +0.26 plum +34.0-118.4 yesterday"), std::nullopt);
  EXPECT_EQ(find("plum"), std::nullopt);
}

TEST(PrintedTime, KnowsHowExactItIs) {
  const auto read = [](std::string_view text) { return read_printed_time(text); };
  EXPECT_EQ(read("1.5")->ns, 1'500'000'000);
  EXPECT_EQ(read("1.5")->unit, 100'000'000);
  EXPECT_EQ(read("7")->unit, 1'000'000'000);
  EXPECT_EQ(read("1.123456789")->unit, 1000) << "not less than a microsecond";
  EXPECT_EQ(read("1.123456789")->ns, 1'123'456'789);
  EXPECT_FALSE(read("-1"));
  EXPECT_FALSE(read("1.2.3"));
  EXPECT_FALSE(read("99999999999999999999"));
  EXPECT_FALSE(read("e5"));
  EXPECT_FALSE(read("1e400"));
}

}  // namespace
}  // namespace sim
