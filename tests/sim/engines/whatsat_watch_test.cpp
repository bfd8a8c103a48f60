#include "sim/engines/watch/whatsat_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/engines/watch_support.h"

namespace sim {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Three servers and two clients, whose updates the script sends only after all that most tests
// play. The world writes down what it is asked.
class WhatsatWatchTest : public testing::Test {
 protected:
  // Asks the first questions, on connections 0 to 2, and lets all of them be refused.
  void SetUp() override {
    watch_.begin();
    EXPECT_EQ(world_.take(),
              "connect 0 to 0\nsend 0 [WHATSAT kiwi 1 1]\n"
              "connect 1 to 1\nsend 1 [WHATSAT kiwi 1 1]\n"
              "connect 2 to 2\nsend 2 [WHATSAT kiwi 1 1]\n");
    for (const std::uint32_t connection : {0U, 1U, 2U}) reply(connection, "? WHATSAT kiwi 1 1");
    EXPECT_EQ(world_.take(), "finish 0\nfinish 1\nfinish 2\n");
  }
  void accept(std::uint32_t update, std::uint32_t server) {
    herd_.outside.answered(update, server, clock_.now());
    watch_.accepted(update, server);
  }
  void reply(std::uint32_t connection, const std::string& text) {
    watch_.reply_received(ClientConnection{connection}, {text, world_.now()});
  }
  std::string after_ms(std::int64_t ms) {
    world_.advance(at_ms(ms), watch_);
    return world_.take();
  }

  WatchedHerd herd_{
      small_herd(3, {{0, 1}, {1, 2}}),
      HandPlan().client("kiwi").client("emu").update(0, at_ms(5000)).update(1, at_ms(9000))};
  RunClock clock_;
  FakeClientWorld world_;
  WhatsatWatch watch_{herd_.spec, herd_.plan, clock_, herd_.outside, world_};
};

TEST_F(WhatsatWatchTest, AsksNobodyBeforeThereIsNews) {
  EXPECT_EQ(after_ms(1000), "");
  EXPECT_TRUE(watch_.settled());
}

// Many servers tell their neighbours first, and only then their client.
TEST_F(WhatsatWatchTest, AsksAllFromWhenTheScriptSendsAnUpdate) {
  EXPECT_EQ(after_ms(5000),
            "connect 3 to 0\nsend 3 [WHATSAT kiwi 1 1]\n"
            "connect 4 to 1\nsend 4 [WHATSAT kiwi 1 1]\n"
            "connect 5 to 2\nsend 5 [WHATSAT kiwi 1 1]\n");
  EXPECT_TRUE(watch_.settled()) << "nothing is known to be on its way";
  reply(3, herd_.at_line(0));
  reply(4, "?");
  EXPECT_EQ(herd_.recorder.accepted_count(), 0U);
  accept(0, 0);
  EXPECT_FALSE(watch_.settled());
  EXPECT_EQ(after_ms(5002), "send 4 [WHATSAT kiwi 1 1]\n") << "no more of its origin";
  reply(4, herd_.at_line(0));
  reply(5, herd_.at_line(0));
  ASSERT_THAT(herd_.recorder.deliveries(), SizeIs(2));
  EXPECT_TRUE(herd_.recorder.deliveries()[0].latency);
  EXPECT_TRUE(watch_.has_seen_any());
}

TEST_F(WhatsatWatchTest, AnUpdateThatIsNeverAcceptedIsForgotten) {
  after_ms(5000);
  for (const std::uint32_t connection : {3U, 4U, 5U}) reply(connection, "?");
  world_.take();
  // Longer than a reply may take.
  EXPECT_NE(after_ms(8500), "");
  for (const std::uint32_t connection : {3U, 4U, 5U}) reply(connection, "?");
  EXPECT_EQ(after_ms(8800), "");
  EXPECT_FALSE(watch_.has_seen_any());
}

// Others say nothing about a client that they do not know.
TEST(WhatsatWatchOfSilentServers, AsksEarlyOnlyAboutClientsThatTheyKnow) {
  WatchedHerd herd(small_herd(2, {{0, 1}}),
                   HandPlan().client("kiwi").update(0, at_ms(10)).update(0, at_ms(1000)));
  const RunClock clock;
  FakeClientWorld world;
  WhatsatWatch watch(herd.spec, herd.plan, clock, herd.outside, world);
  watch.begin();
  world.take();
  for (const std::uint32_t connection : {0U, 1U}) {
    watch.reply_missing(ClientConnection{connection}, NoReply::kSilence, "");
  }
  EXPECT_EQ(world.take(), "finish 0\nfinish 1\n");
  const auto until_ms = [&](std::int64_t ms) {
    world.advance(at_ms(ms), watch);
    return world.take();
  };
  EXPECT_EQ(until_ms(20), "");
  herd.outside.answered(0, 0, clock.now());
  watch.accepted(0, 0);
  EXPECT_EQ(world.take(), "connect 2 to 1\nsend 2 [WHATSAT kiwi 1 1]\n");
  watch.reply_received(ClientConnection{2}, {herd.at_line(0), world.now()});
  ASSERT_THAT(herd.recorder.deliveries(), SizeIs(1));
  EXPECT_FALSE(herd.recorder.deliveries()[0].latency) << "it may have held it for long";
  EXPECT_EQ(until_ms(1000),
            "connect 3 to 0\nsend 3 [WHATSAT kiwi 1 1]\nsend 2 [WHATSAT kiwi 1 1]\n");
  watch.reply_received(ClientConnection{2}, {herd.at_line(0), world.now()});
  herd.outside.answered(1, 0, clock.now());
  watch.accepted(1, 0);
  until_ms(1002);
  watch.reply_received(ClientConnection{2}, {herd.at_line(1), world.now()});
  ASSERT_THAT(herd.recorder.deliveries(), SizeIs(2));
  EXPECT_TRUE(herd.recorder.deliveries()[1].latency);
}

TEST_F(WhatsatWatchTest, AsksTheOthersUntilTheyHold) {
  accept(0, 0);
  EXPECT_EQ(world_.take(),
            "connect 3 to 1\nsend 3 [WHATSAT kiwi 1 1]\n"
            "connect 4 to 2\nsend 4 [WHATSAT kiwi 1 1]\n");
  EXPECT_FALSE(watch_.settled());
  reply(3, herd_.at_line(0) + "\n{\"status\": \"OK\"}\n\n");
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(1));
  EXPECT_EQ(herd_.recorder.deliveries()[0].server, 1U);
  reply(4, "? WHATSAT kiwi 1 1");
  EXPECT_EQ(world_.take(), "") << "not at once: it had nothing new to tell";
  EXPECT_EQ(after_ms(2), "send 4 [WHATSAT kiwi 1 1]\n");
  reply(4, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(2));
  EXPECT_TRUE(watch_.settled());
  EXPECT_EQ(after_ms(1000), "");
}

TEST_F(WhatsatWatchTest, AsksForEachInTurn) {
  accept(0, 0);
  accept(1, 0);
  world_.take();
  reply(3, "?");
  EXPECT_EQ(after_ms(2), "send 3 [WHATSAT kiwi 1 1]\n");
  reply(3, "?");
  EXPECT_EQ(after_ms(4), "send 3 [WHATSAT emu 1 1]\n");
  reply(3, herd_.at_line(1));
  EXPECT_TRUE(herd_.outside.holds(1, 1)) << "whatever was asked";
  EXPECT_EQ(world_.take(), "send 3 [WHATSAT kiwi 1 1]\n") << "at once: it had news";
}

TEST_F(WhatsatWatchTest, SilenceIsAskedAgain) {
  accept(0, 0);
  world_.take();
  watch_.reply_missing(ClientConnection{3}, NoReply::kSilence, "");
  EXPECT_EQ(after_ms(2), "send 3 [WHATSAT kiwi 1 1]\n");
}

TEST_F(WhatsatWatchTest, AServerThatIsGoneIsDialledAgain) {
  accept(0, 0);
  world_.take();
  watch_.disconnected(ClientConnection{3}, false, "connection refused");
  EXPECT_EQ(after_ms(99), "");
  EXPECT_EQ(after_ms(100), "connect 5 to 1\nsend 5 [WHATSAT kiwi 1 1]\n");
  reply(5, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(1));
}

TEST_F(WhatsatWatchTest, WhatNobodyAskedIsNothing) {
  watch_.disconnected(ClientConnection{10}, true, "");
  watch_.reply_missing(ClientConnection{10}, NoReply::kClosed, "");
  reply(10, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), IsEmpty());
  EXPECT_EQ(world_.take(), "");
}

TEST_F(WhatsatWatchTest, StopsWhenToldTo) {
  accept(0, 0);
  world_.take();
  watch_.stop();
  reply(3, "?");
  reply(4, "?");
  EXPECT_EQ(after_ms(1000), "");
}

}  // namespace
}  // namespace sim
