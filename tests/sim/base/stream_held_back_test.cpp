// A stream that is held back, as its owner has no room.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/sim/base/stream_test_support.h"

namespace sim {
namespace {

using testing::ElementsAre;

TEST_F(StreamTest, HeldBackStreamFinishesAndDeliversItsFarewell) {
  owner_.on_line = [](Stream&, const std::string&) { return false; };
  open(Side::kAccepts);
  std::thread talker([&] {
    const std::string junk(kMiB, '\n');
    for (int i = 0; i < 16; ++i) peer_.send(junk);
    peer_.end();
    while (!peer_.take(kMiB, 0)) {
    }
  });
  EXPECT_TRUE(run_until_lines(1));
  stream_->write("farewell", "\n");
  stream_->finish(true);
  EXPECT_TRUE(run_until_closed());
  talker.join();
  EXPECT_EQ(peer_.received(), "farewell\n");
  EXPECT_EQ(owner_.lines.size(), 1U);
}

TEST_F(StreamTest, HeldBackAndResumedNeitherLosesNorReorders) {
  owner_.on_line = [&](Stream& stream, const std::string& line) {
    const std::size_t n = std::stoul(line);
    if (n % 7 != 0) return true;
    // Resumes at the end of this turn, or in a later one.
    loop_->defer([this, &stream, n] {
      if (n % 2 == 0) owner_.resume(stream);
    });
    return false;
  };
  owner_.on_end = [](Stream& stream) { stream.finish(true); };
  open(Side::kAccepts);
  std::string text;
  std::vector<std::string> sent;
  for (int i = 0; i < 5000; ++i) {
    sent.push_back(std::to_string(i) + ' ' + std::string(static_cast<std::size_t>(i % 211), 'x'));
    text += sent.back() + "\r\n";
  }
  std::thread sender([&] {
    peer_.send(text + "dropped");
    peer_.end();
  });
  std::size_t held_at = 0;
  EXPECT_TRUE(run_until(*loop_, [&] {
    if (owner_.closes > 0) return true;
    // Resumes one turn after the stream was held.
    if (owner_.held && std::exchange(held_at, owner_.lines.size()) == owner_.lines.size()) {
      owner_.resume(*stream_);
    }
    return false;
  }));
  sender.join();
  EXPECT_EQ(owner_.lines, sent);
  EXPECT_EQ(owner_.ends, 1);
  EXPECT_EQ(owner_.end, StreamEnd::kOrderly);
}

TEST_F(StreamTest, NothingIsReadFromAStreamThatIsHeldBack) {
  owner_.on_line = [](Stream&, const std::string&) { return false; };
  open();
  peer_.send("one\n");
  ASSERT_TRUE(run_until_lines(1));
  peer_.send("two\nthree\n");
  peer_.end();
  int waiting = 0;
  ASSERT_TRUE(run_until(
      *loop_, [&] { return ioctl(stream_fd(), FIONREAD, &waiting) == 0 && waiting == 10; }));
  for (int turn = 0; turn < 20; ++turn) uv_run(loop_->uv(), UV_RUN_NOWAIT);
  ASSERT_EQ(ioctl(stream_fd(), FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 10);
  EXPECT_EQ(owner_.ends, 0);
  EXPECT_THAT(owner_.lines, ElementsAre("one"));
  for (std::size_t n = 2; n <= 3; ++n) {
    owner_.resume(*stream_);
    ASSERT_TRUE(run_until_lines(n));
  }
  owner_.resume(*stream_);
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.ends == 1; }));
  EXPECT_THAT(owner_.lines, ElementsAre("one", "two", "three"));
}

TEST_F(StreamTest, HeldBackStreamIsToldWhenItsOutputHasGone) {
  constexpr std::size_t kLimit = 64 * 1024;
  const std::string answer(10'000, 'a');
  owner_.on_line = [&](Stream& stream, const std::string&) {
    stream.write(answer, "\n");
    return stream.unsent() <= kLimit;
  };
  owner_.on_drained = [&](Stream& stream) {
    if (stream.unsent() <= kLimit) owner_.resume(stream);
  };
  open(Side::kAccepts, 4096);
  small_send_buffer();
  constexpr std::size_t kLines = 500;
  std::string asked;
  for (std::size_t i = 0; i < kLines; ++i) asked += "ask\n";
  peer_.send(asked);
  // It stops before all lines are answered, and continues when the peer reads.
  ASSERT_TRUE(run_until(*loop_, [&] { return owner_.held && stream_->unsent() > 0; }));
  EXPECT_LT(owner_.lines.size(), kLines);
  EXPECT_TRUE(run_until(*loop_, [&] {
    EXPECT_LE(stream_->unsent(), kLimit + answer.size() + 1);
    peer_.take();
    return peer_.received().size() == kLines * (answer.size() + 1);
  }));
  EXPECT_EQ(owner_.lines.size(), kLines);
  EXPECT_GT(owner_.drains, 0);
  EXPECT_TRUE(run_until(*loop_, [&] { return stream_->unsent() == 0; }));
  EXPECT_EQ(stream_->bytes_sent(), kLines * (answer.size() + 1));
}

}  // namespace
}  // namespace sim
