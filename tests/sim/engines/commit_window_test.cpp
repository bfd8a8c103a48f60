#include "sim/engines/central/commit_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "tests/sim/base/nanoseconds.h"

namespace sim {
namespace {

// Returns the number of batches in flight at the end, if as many are sent as the window allows.
// Each takes `path_ns` there and back, and is committed in `commit_ns`, one after the other.
std::size_t in_flight_after_a_while(CommitWindow& window, std::uint64_t path_ns,
                                    std::uint64_t commit_ns, int batches = 5000) {
  struct Batch {
    std::uint64_t sent, answered;
  };
  std::deque<Batch> in_flight;
  std::uint64_t now = 0, disk_free = 0;
  const auto send = [&] {
    while (window.allows(in_flight.size())) {
      disk_free = std::max(disk_free, now + path_ns / 2) + commit_ns;
      in_flight.push_back({now, disk_free + path_ns / 2});
    }
  };
  send();
  for (int i = 0; i < batches; ++i) {
    const Batch batch = in_flight.front();
    now = batch.answered;
    window.committed(now - batch.sent, in_flight.size(), now);
    in_flight.pop_front();
    send();
  }
  return in_flight.size();
}

TEST(CommitWindow, KeepsFewUnderWayAtAnIdleDistance) {
  CommitWindow window;
  EXPECT_LE(in_flight_after_a_while(window, 0, 4 * kMs, 2000), 3U);
}

TEST(CommitWindow, FillsALongPath) {
  CommitWindow window;
  // Forty commits fit into the time that a batch and its answer travel.
  const std::size_t in_flight = in_flight_after_a_while(window, 40 * kMs, kMs);
  EXPECT_GE(in_flight, 38U);
  EXPECT_LE(in_flight, 50U);
}

TEST(CommitWindow, HasBounds) {
  CommitWindow window;
  EXPECT_LE(in_flight_after_a_while(window, 1000 * kMs, 1), CommitWindow::kMost);
  CommitWindow other;
  EXPECT_GE(in_flight_after_a_while(other, 0, 100 * kMs), CommitWindow::kLeast);
}

// Conditions change during the run: a path that has become long is filled again once its earlier
// time is forgotten.
TEST(CommitWindow, ForgetsWhatOnceWasFast) {
  CommitWindow window;
  std::uint64_t now = 0;
  for (int i = 0; i < 1000; ++i) window.committed(kMs, 2, now += kMs);
  // For a while all batches seem to wait …
  for (int i = 0; i < 100; ++i) window.committed(50 * kMs, 10, now += kMs);
  EXPECT_FALSE(window.allows(3));
  // … and then the window knows that the path is longer.
  for (int i = 0; i < 30'000; ++i) {
    std::size_t in_flight = 0;
    while (window.allows(in_flight)) ++in_flight;
    window.committed(50 * kMs, in_flight, now += kMs);
  }
  EXPECT_TRUE(window.allows(20));
}

}  // namespace
}  // namespace sim
