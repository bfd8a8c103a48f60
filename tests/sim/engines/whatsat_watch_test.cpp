#include "sim/engines/watch/whatsat_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/engines/watch_support.h"

namespace sim {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Three servers and two clients. The world writes down what it is asked.
class WhatsatWatchTest : public testing::Test {
 protected:
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
      HandPlan().client("kiwi").client("emu").update(0, at_ms(1)).update(1, at_ms(1))};
  RunClock clock_;
  FakeClientWorld world_;
  WhatsatWatch watch_{herd_.spec, herd_.plan, clock_, herd_.outside, world_};
};

TEST_F(WhatsatWatchTest, AsksNobodyBeforeThereIsNews) {
  EXPECT_EQ(after_ms(1000), "");
  EXPECT_TRUE(watch_.settled());
}

TEST_F(WhatsatWatchTest, AsksTheOthersUntilTheyHold) {
  accept(0, 0);
  EXPECT_EQ(world_.take(),
            "connect 0 to 1\nsend 0 [WHATSAT kiwi 1 1]\n"
            "connect 1 to 2\nsend 1 [WHATSAT kiwi 1 1]\n");
  EXPECT_FALSE(watch_.settled());
  reply(0, herd_.at_line(0) + "\n{\"status\": \"OK\"}\n\n");
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(1));
  EXPECT_EQ(herd_.recorder.deliveries()[0].server, 1U);
  reply(1, "? WHATSAT kiwi 1 1");
  EXPECT_EQ(world_.take(), "") << "not at once: it had nothing new to tell";
  EXPECT_EQ(after_ms(2), "send 1 [WHATSAT kiwi 1 1]\n");
  reply(1, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(2));
  EXPECT_TRUE(watch_.settled());
  EXPECT_EQ(after_ms(1000), "");
}

TEST_F(WhatsatWatchTest, AsksForEachInTurn) {
  accept(0, 0);
  accept(1, 0);
  world_.take();
  reply(0, "?");
  EXPECT_EQ(after_ms(2), "send 0 [WHATSAT kiwi 1 1]\n");
  reply(0, "?");
  EXPECT_EQ(after_ms(4), "send 0 [WHATSAT emu 1 1]\n");
  reply(0, herd_.at_line(1));
  EXPECT_TRUE(herd_.outside.holds(1, 1)) << "whatever was asked";
  EXPECT_EQ(world_.take(), "send 0 [WHATSAT kiwi 1 1]\n") << "at once: it had news";
}

TEST_F(WhatsatWatchTest, SilenceIsAskedAgain) {
  accept(0, 0);
  world_.take();
  watch_.reply_missing(ClientConnection{0}, NoReply::kSilence);
  EXPECT_EQ(after_ms(2), "send 0 [WHATSAT kiwi 1 1]\n");
}

TEST_F(WhatsatWatchTest, AServerThatIsGoneIsDialledAgain) {
  accept(0, 0);
  world_.take();
  watch_.disconnected(ClientConnection{0}, false, "connection refused");
  EXPECT_EQ(after_ms(99), "");
  EXPECT_EQ(after_ms(100), "connect 2 to 1\nsend 2 [WHATSAT kiwi 1 1]\n");
  reply(2, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), SizeIs(1));
}

TEST_F(WhatsatWatchTest, WhatNobodyAskedIsNothing) {
  watch_.disconnected(ClientConnection{7}, true, "");
  watch_.reply_missing(ClientConnection{7}, NoReply::kClosed);
  reply(7, herd_.at_line(0));
  EXPECT_THAT(herd_.recorder.deliveries(), IsEmpty());
  EXPECT_EQ(world_.take(), "");
}

TEST_F(WhatsatWatchTest, StopsWhenToldTo) {
  accept(0, 0);
  world_.take();
  watch_.stop();
  reply(0, "?");
  reply(1, "?");
  EXPECT_EQ(after_ms(1000), "");
}

}  // namespace
}  // namespace sim
