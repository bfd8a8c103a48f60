// How a stream ends: in order, by a failure, or because its peer takes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>
#include <thread>

#include "sim/base/io/uv_handle.h"
#include "tests/sim/base/stream_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(StreamTest, PeerEndsFirstAndStillGetsItsAnswers) {
  owner_.on_end = [](Stream& stream) {
    stream.write("answer", "\r\n");
    stream.finish(true);
  };
  open(Side::kAccepts);
  peer_.send("whole\nwithout ending");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, ElementsAre("whole"));
  EXPECT_EQ(owner_.ends, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_EQ(owner_.bytes_sent, 8U);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "answer\r\n");
  EXPECT_FALSE(peer_.failed());
}

TEST_F(StreamTest, FinishHandsInLinesUntilThePeerEnds) {
  open();
  stream_->write("goodbye", "\n");
  stream_->finish(false);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "goodbye\n");
  peer_.send("late\nlater\ndropped");
  ASSERT_TRUE(run_until_lines(2));
  EXPECT_EQ(owner_.closes, 0);
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, ElementsAre("late", "later"));
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_EQ(owner_.ends, 0) << "both had ended, and closed() says so";
}

TEST_F(StreamTest, FinishMayThrowAwayWhatStillComes) {
  open();
  stream_->finish(true);
  EXPECT_TRUE(run_until_peer_has_all());
  peer_.send("late\nlater\n");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_THAT(owner_.lines, IsEmpty());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

// The answer to an over-long line must arrive even if the client has not read it yet and still
// sends. Closing with unread input would reset the connection and lose the answer.
TEST_F(StreamTest, FarewellArrivesWhileThePeerStillSendsMegabytes) {
  owner_.on_line = [](Stream& stream, const std::string&) {
    stream.write("farewell", "\n");
    stream.finish(true);
    return true;
  };
  open(Side::kAccepts);
  std::thread talker([&] {
    peer_.send("first\n");
    const std::string junk(kMiB, 'j');
    for (int i = 0; i < 16; ++i) peer_.send(junk);
    peer_.end();
    while (!peer_.take(kMiB, 0)) {
    }
  });
  EXPECT_TRUE(run_until_closed());
  talker.join();
  EXPECT_EQ(peer_.received(), "farewell\n");
  EXPECT_FALSE(peer_.failed());
  EXPECT_THAT(owner_.lines, ElementsAre("first"));
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

// The peer is paused for longer than any timeout.
TEST_F(StreamTest, WhoWaitsForAnswersOfAPeerThatNeverEndsHasNoOrderlyEnd) {
  open(Side::kAccepts);
  stream_->finish(false);
  EXPECT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
}

TEST_F(StreamTest, PeerThatTakesNothingIsDropped) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({1'000'000, 0});
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kStalled);
  EXPECT_GT(owner_.unsent, 0U);
  // Exactly the bytes that the network had taken arrive.
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), owner_.bytes_sent);
}

// A link may have unsent bytes for any time, but not once it is to end.
TEST_F(StreamTest, PeerThatTakesNothingDoesNotHoldUpAnEndForEver) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({0, 0});
  stream_->write(std::string(8 * kMiB, 'x'), "\n");
  stream_->finish(true);
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_GT(owner_.unsent, 0U);
}

TEST_F(StreamTest, SilentPeerWithNothingUnsentIsNotDropped) {
  open();
  stream_->set_limits({1, 1});
  int sweeps = 0;
  UvHandle<uv_timer_t> timer(&sweeps);
  uv_timer_init(loop_->uv(), timer.get());
  uv_timer_start(
      timer.get(), [](uv_timer_t* t) { ++*static_cast<int*>(t->data); }, 300, 300);
  ASSERT_TRUE(run_until(*loop_, [&] { return sweeps == 2; }));
  EXPECT_EQ(owner_.closes, 0);
  peer_.send("alive\n");
  EXPECT_TRUE(run_until_lines(1));
}

TEST_F(StreamTest, TooMuchUnsentIsDropped) {
  open(Side::kAccepts, 4096);
  small_send_buffer();
  stream_->set_limits({0, kMiB});
  const std::string half(kMiB / 2, 'x');
  stream_->write(half, "\n");
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  EXPECT_EQ(owner_.closes, 0);
  for (int i = 0; i < 3; ++i) stream_->write(half, "\n");
  EXPECT_EQ(owner_.closes, 0) << "only at the end of the turn";
  uv_run(loop_->uv(), UV_RUN_NOWAIT);
  ASSERT_EQ(owner_.closes, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOverflow);
  EXPECT_GT(owner_.unsent, kMiB);
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received().size(), owner_.bytes_sent);
}

TEST_F(StreamTest, AbandonedStreamTellsNothing) {
  open();
  stream_->write("lost", "\n");
  stream_->abandon();
  EXPECT_TRUE(run_until_peer_has_all());
  EXPECT_EQ(peer_.received(), "");
  EXPECT_EQ(owner_.closes, 0);
}

TEST_F(StreamTest, FinishingMayComeToDiscardLater) {
  open();
  stream_->finish(false);
  ASSERT_TRUE(run_until_peer_has_all());
  peer_.send("heard\n");
  ASSERT_TRUE(run_until_lines(1));
  stream_->finish(true);
  peer_.send("thrown away\n");
  peer_.end();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
  EXPECT_THAT(owner_.lines, ElementsAre("heard"));
}

TEST_F(StreamTest, TimeoutAfterTheFarewellIsALimit) {
  open();
  stream_->set_limits({0, 0, 1});
  stream_->finish(false);
  ASSERT_TRUE(run_until_closed()) << "though the peer never ends";
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ETIMEDOUT);
}

TEST_F(StreamTest, ResetIsAFailure) {
  open();
  const linger at_once{1, 0};
  setsockopt(peer_.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  peer_.close();
  ASSERT_TRUE(run_until_closed());
  EXPECT_EQ(owner_.end, StreamEnd::kFailed);
  EXPECT_EQ(owner_.error, UV_ECONNRESET);
  EXPECT_EQ(owner_.ends, 0);
}

// A server that dies right after an answer: the client reads the answer and learns of the reset at
// once.
TEST_F(StreamTest, ResetRightBehindALineIsAFailureToo) {
  for (const Side side : {Side::kDials, Side::kAccepts}) {
    SCOPED_TRACE(side == Side::kDials ? "dials" : "accepts");
    owner_ = {};
    stream_ = nullptr;
    open(side);
    const linger at_once{1, 0};
    setsockopt(peer_.fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    peer_.send("answer\n");
    peer_.close();
    ASSERT_TRUE(run_until_closed());
    EXPECT_THAT(owner_.lines, ElementsAre("answer"));
    EXPECT_EQ(owner_.end, StreamEnd::kFailed);
    EXPECT_EQ(owner_.error, UV_ECONNRESET);
    EXPECT_EQ(owner_.ends, 0);
  }
}

}  // namespace
}  // namespace sim
