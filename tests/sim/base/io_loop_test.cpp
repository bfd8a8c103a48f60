#include "sim/base/io/io_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/io/precise_timer.h"
#include "sim/base/io/stream.h"
#include "tests/sim/base/open_descriptors.h"

namespace sim {
namespace {

using testing::ElementsAre;

struct SilentOwner final : StreamOwner {
  void connected(Stream&) override { ++connects; }
  std::size_t max_line(const Stream&) const override { return 100; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream&) override {}
  void closed(Stream&, StreamEnd, int) override { ++closes; }
  int connects = 0, closes = 0;
};

TEST(IoLoop, DeferredIsDoneInOrderAndInTheSameTurn) {
  IoLoop loop;
  std::vector<int> done;
  std::vector<std::uint64_t> turns;
  const auto note = [&](int what) {
    done.push_back(what);
    turns.push_back(loop.turn());
  };
  loop.defer([&] {
    note(1);
    loop.defer([&] {
      note(4);
      loop.defer([&] { note(5); });
    });
  });
  loop.defer([&] { note(2); });
  loop.defer([&] { note(3); });
  EXPECT_THAT(done, ElementsAre()) << "not within the call";
  uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4, 5));
  for (const std::uint64_t turn : turns) EXPECT_EQ(turn, turns[0]);
}

TEST(IoLoop, DeferredByATimerIsDoneBeforeTheLoopWaits) {
  IoLoop loop;
  std::vector<int> done;
  PreciseTimer timer(loop, [&] {
    loop.defer([&] {
      done.push_back(2);
      loop.stop();
    });
    done.push_back(1);
  });
  timer.arm(0);
  loop.run();
  EXPECT_THAT(done, ElementsAre(1, 2));
}

TEST(IoLoop, RunsUntilStoppedAndAgain) {
  IoLoop loop;
  int rounds = 0;
  for (int i = 0; i < 3; ++i) {
    loop.defer([&] {
      ++rounds;
      loop.stop();
    });
    loop.run();
    EXPECT_EQ(rounds, i + 1);
  }
}

TEST(IoLoop, TurnsAreCounted) {
  IoLoop loop;
  EXPECT_EQ(loop.turn(), 1U);
  uv_run(loop.uv(), UV_RUN_NOWAIT);
  const std::uint64_t turn = loop.turn();
  EXPECT_GT(turn, 1U);
  uv_run(loop.uv(), UV_RUN_NOWAIT);
  EXPECT_GT(loop.turn(), turn);
}

class IoLoopEnd : public testing::TestWithParam<bool> {};

TEST_P(IoLoopEnd, ClosesEverything) {
  { const IoLoop first; }  // opens what libuv keeps for the process
  const std::size_t before = count_open_descriptors();
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener, name, size), 0);
  ASSERT_EQ(listen(listener, 8), 0);
  getsockname(listener, name, &size);

  SilentOwner owner;
  uv_tcp_t own_listener;
  uv_timer_t timer;
  bool deferred = false;
  {
    IoLoop loop;
    uv_tcp_init(loop.uv(), &own_listener);
    sockaddr_in any{};
    uv_ip4_addr("127.0.0.1", 0, &any);
    ASSERT_EQ(uv_tcp_bind(&own_listener, reinterpret_cast<sockaddr*>(&any), 0), 0);
    ASSERT_EQ(uv_listen(reinterpret_cast<uv_stream_t*>(&own_listener), 8, [](uv_stream_t*, int) {}),
              0);
    uv_timer_init(loop.uv(), &timer);
    uv_timer_start(
        &timer, [](uv_timer_t*) {}, 3'600'000, 0);
    const auto precise = std::make_unique<PreciseTimer>(loop, [] {});
    precise->arm(uv_hrtime() + std::uint64_t{3'600'000'000'000});
    for (int i = 0; i < 3; ++i) {
      Stream* const stream = Stream::create(loop, owner, 0);
      ASSERT_EQ(stream->connect(name), 0);
      while (owner.connects <= i) uv_run(loop.uv(), UV_RUN_ONCE);
      // One stream has all its output still to send; one has much more than the network takes.
      if (i > 0) stream->write(std::string(i == 1 ? 10 : 64'000'000, 'x'), "\n");
      if (i == 2) uv_run(loop.uv(), UV_RUN_NOWAIT);
    }
    ASSERT_EQ(Stream::create(loop, owner, 0)->connect(name), 0);  // dialling
    Stream::create(loop, owner, 0)->abandon();
    loop.defer([&] { deferred = true; });
    EXPECT_GT(count_open_descriptors(), before + 1);
    if (GetParam()) loop.stop();
  }
  EXPECT_FALSE(deferred);
  EXPECT_EQ(owner.connects, 3);
  EXPECT_EQ(owner.closes, 0);
  close(listener);
  EXPECT_EQ(count_open_descriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(AfterAStopOrNot, IoLoopEnd, testing::Bool());

// A line that comes after a wait must not get a time from before the wait.
TEST(IoLoopClock, ReadingIsNotSharedAcrossAWait) {
  IoLoop loop;
  std::uint64_t before = 0, due = 0, after = 0;
  PreciseTimer timer(loop, [&] {
    after = loop.recent_ns();
    loop.stop();
  });
  loop.defer([&] {
    before = loop.recent_ns();
    EXPECT_EQ(loop.recent_ns(), before) << "in one turn it is";
    due = before + 1'000'000;
    timer.arm(due);
  });
  loop.run();
  EXPECT_GE(after, due);
}

TEST(IoLoopClock, ReadingIsSharedAFewTimesOnly) {
  IoLoop loop;
  const std::uint64_t first = loop.now_ns();
  std::uint64_t last = first;
  for (int i = 0; i < 8; ++i) last = loop.recent_ns();
  EXPECT_GT(last, first);
}

}  // namespace
}  // namespace sim
