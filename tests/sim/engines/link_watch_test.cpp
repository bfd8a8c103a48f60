#include "sim/engines/watch/link_watch.h"

#include <gtest/gtest.h>

#include "tests/sim/engines/watch_support.h"

namespace sim {
namespace {

// A line of three servers, S1 - S2 - S3, with one client and two of its updates.
class LinkWatchTest : public testing::Test {
 protected:
  LinkWatchTest() {
    for (std::uint32_t link = 0; link < 2; ++link) watch_.link_stands(link);
  }

  std::string line(std::uint32_t update) const { return herd_.at_line(update); }
  // Says the update in a direction and lets it arrive.
  void pass(std::uint32_t direction, std::uint32_t update) {
    const std::uint32_t message = watch_.line_said(direction, line(update));
    ASSERT_NE(message, LinkTap::kNoMessage);
    watch_.message_arrived(direction, message);
  }

  // Directions: S1 to S2, S2 to S1, S2 to S3, S3 to S2.
  static constexpr std::uint32_t k12 = 0, k21 = 1, k23 = 2, k32 = 3;

  WatchedHerd herd_{small_herd(3, {{0, 1}, {1, 2}}),
                    HandPlan().client("kiwi").update(0, at_ms(1000)).update(0, at_ms(2000))};
  OutsideWatch& outside_ = herd_.outside;
  Recorder& recorder_ = herd_.recorder;
  RunClock clock_;
  int standing_ = 0;
  LinkWatch watch_{herd_.spec, clock_, outside_, recorder_, [this] { ++standing_; }};
};

TEST_F(LinkWatchTest, CountsAFloodWithItsEchoes) {
  pass(k12, 0);
  pass(k21, 0);
  pass(k23, 0);
  pass(k32, 0);
  ASSERT_EQ(recorder_.accepted().size(), 1u);
  EXPECT_EQ(told(recorder_.accepted()[0]),
            "4 messages, reached 3, 2 duplicates, 2 echoes, 0 stale, 0 lost");
  ASSERT_EQ(recorder_.deliveries().size(), 2u);
  EXPECT_EQ(recorder_.deliveries()[1].hops, 2u);
  EXPECT_EQ(recorder_.deliveries()[1].from, 1u);
  EXPECT_EQ(recorder_.violation_count(), 0u);
}

// A client tells S1, and S1 tells S2. S1 hears the update from S3 before it tells S3.
TEST(LinkWatchOfARing, WhoTellsTooLateSendsNothingBack) {
  WatchedHerd herd(small_herd(3, {{0, 1}, {1, 2}, {2, 0}}),
                   HandPlan().client("kiwi").update(0, at_ms(1000)));
  const RunClock clock;
  LinkWatch watch(herd.spec, clock, herd.outside, herd.recorder, [] {});
  for (std::uint32_t link = 0; link < 3; ++link) watch.link_stands(link);
  const std::uint32_t from1to2 = 0, from2to1 = 1, from2to3 = 2, from3to2 = 3, from3to1 = 4,
                      from1to3 = 5;
  for (const std::uint32_t way : {from1to2, from2to3, from2to1, from3to1, from3to2, from1to3}) {
    watch.message_arrived(way, watch.line_said(way, herd.at_line(0)));
  }
  ASSERT_THAT(herd.recorder.accepted(), testing::SizeIs(1));
  EXPECT_EQ(told(herd.recorder.accepted()[0]),
            "6 messages, reached 3, 4 duplicates, 2 echoes, 0 stale, 0 lost");
}

// S1 and S3 have both told S2 before S2 says anything: it may have read either of them first.
TEST(LinkWatchOfARing, WhoWasToldByTwoMayHaveReadEitherFirst) {
  struct Case {
    std::vector<std::uint32_t> said_by_2;
    const char* want;
  };
  const std::uint32_t from1to2 = 0, from2to1 = 1, from2to3 = 2, from3to2 = 3, from1to3 = 5;
  const Case cases[] = {
      {{from2to1}, "4 messages, reached 3, 2 duplicates, 0 echoes, 0 stale, 0 lost"},
      {{from2to3}, "4 messages, reached 3, 2 duplicates, 0 echoes, 0 stale, 0 lost"},
      {{from2to1, from2to3}, "5 messages, reached 3, 3 duplicates, 1 echoes, 0 stale, 0 lost"},
      {{from2to3, from2to1}, "5 messages, reached 3, 3 duplicates, 1 echoes, 0 stale, 0 lost"},
  };
  for (const auto& [said_by_2, want] : cases) {
    WatchedHerd herd(small_herd(3, {{0, 1}, {1, 2}, {2, 0}}),
                     HandPlan().client("kiwi").update(0, at_ms(1000)));
    const RunClock clock;
    LinkWatch watch(herd.spec, clock, herd.outside, herd.recorder, [] {});
    for (std::uint32_t link = 0; link < 3; ++link) watch.link_stands(link);
    std::vector<std::uint32_t> ways{from1to3, from1to2, from3to2};
    ways.insert(ways.end(), said_by_2.begin(), said_by_2.end());
    for (const std::uint32_t way : ways) {
      watch.message_arrived(way, watch.line_said(way, herd.at_line(0)));
    }
    ASSERT_THAT(herd.recorder.accepted(), testing::SizeIs(1));
    EXPECT_EQ(told(herd.recorder.accepted()[0]), want);
  }
}

// A server that stays paused never reads what is on its way to it.
TEST_F(LinkWatchTest, WhatIsOnItsWayAtTheEndIsLost) {
  EXPECT_FALSE(watch_.has_seen_any());
  pass(k12, 0);
  watch_.line_said(k21, line(0));
  watch_.line_said(k23, line(0));
  EXPECT_EQ(watch_.in_flight(), 2U);
  watch_.lose_all();
  watch_.lose_all();
  EXPECT_EQ(watch_.in_flight(), 0U);
  EXPECT_TRUE(watch_.has_seen_any());
  ASSERT_THAT(recorder_.accepted(), testing::SizeIs(1));
  EXPECT_EQ(told(recorder_.accepted()[0]),
            "3 messages, reached 2, 0 duplicates, 0 echoes, 0 stale, 2 lost");
}

TEST_F(LinkWatchTest, AnAnswerComesBeforeOrAfterTheFlood) {
  outside_.answered(0, 0, clock_.now());
  pass(k12, 0);
  pass(k12, 1);
  outside_.answered(1, 0, clock_.now());
  EXPECT_EQ(recorder_.accepted().size(), 2u);
  EXPECT_EQ(recorder_.superseded().size(), 0u);
}

TEST_F(LinkWatchTest, AnAnswerToOldNewsIsSuperseded) {
  outside_.answered(1, 0, clock_.now());
  outside_.answered(0, 0, clock_.now());
  EXPECT_EQ(recorder_.accepted().size(), 1u);
  EXPECT_EQ(recorder_.superseded().size(), 1u);
}

TEST_F(LinkWatchTest, WhatNeverComesIsLost) {
  const std::uint32_t message = watch_.line_said(k12, line(0));
  EXPECT_EQ(watch_.in_flight(), 1u);
  watch_.message_lost(k12, message);
  EXPECT_EQ(watch_.in_flight(), 0u);
  EXPECT_EQ(told(recorder_.accepted()[0]),
            "1 messages, reached 1, 0 duplicates, 0 echoes, 0 stale, 1 lost");
}

TEST_F(LinkWatchTest, OldNewsAreStale) {
  const std::uint32_t old = watch_.line_said(k12, line(0));
  const std::uint32_t news = watch_.line_said(k12, line(1));
  watch_.message_arrived(k12, news);
  watch_.message_arrived(k12, old);
  EXPECT_EQ(recorder_.accepted()[0].stale, 1u);
  EXPECT_TRUE(outside_.holds(1, 0)) << "or something newer";
}

TEST_F(LinkWatchTest, OtherLinesAreNoMessages) {
  EXPECT_EQ(watch_.line_said(k12, "LINK small S1 S2 00ff"), LinkTap::kNoMessage);
  EXPECT_EQ(watch_.line_said(k12, "AT S1 +0.1 pear +1-1 1700000001.0"), LinkTap::kNoMessage);
  EXPECT_EQ(watch_.last_message(), herd::Instant::min());
}

TEST_F(LinkWatchTest, AServerThatDiesForgets) {
  pass(k12, 0);
  EXPECT_TRUE(outside_.holds(1, 0));
  outside_.server_stopped(1, clock_.now());
  EXPECT_FALSE(outside_.holds(1, 0));
  outside_.server_started(1, clock_.now());
  pass(k12, 0);
  EXPECT_EQ(recorder_.servers()[1].deliveries_again, 1u);
}

}  // namespace
}  // namespace sim
