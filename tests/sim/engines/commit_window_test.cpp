#include "sim/engines/central/commit_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

namespace sim {
namespace {

constexpr std::uint64_t kMs = 1'000'000;

// How many batches are under way in the end, where each takes a path of so long there and back and
// is committed, one after the other, in so long; as many are sent as the window allows.
std::size_t under_way_after_a_while(CommitWindow& window, std::uint64_t path_ns,
                                    std::uint64_t commit_ns, int batches = 5000) {
  struct Batch {
    std::uint64_t sent, answered;
  };
  std::deque<Batch> under_way;
  std::uint64_t now = 0, disk_free = 0;
  const auto send = [&] {
    while (window.allows(under_way.size())) {
      disk_free = std::max(disk_free, now + path_ns / 2) + commit_ns;
      under_way.push_back({now, disk_free + path_ns / 2});
    }
  };
  send();
  for (int i = 0; i < batches; ++i) {
    const Batch batch = under_way.front();
    now = batch.answered;
    window.committed(now - batch.sent, under_way.size(), now);
    under_way.pop_front();
    send();
  }
  return under_way.size();
}

TEST(CommitWindow, KeepsFewUnderWayAtAnIdleDistance) {
  CommitWindow window;
  EXPECT_LE(under_way_after_a_while(window, 0, 4 * kMs, 2000), 3U);
}

TEST(CommitWindow, FillsALongPath) {
  CommitWindow window;
  // Forty commits fit into the time that a batch and its answer travel.
  const std::size_t under_way = under_way_after_a_while(window, 40 * kMs, kMs);
  EXPECT_GE(under_way, 38U);
  EXPECT_LE(under_way, 50U);
}

TEST(CommitWindow, HasBounds) {
  CommitWindow window;
  EXPECT_LE(under_way_after_a_while(window, 1000 * kMs, 1), CommitWindow::kMost);
  CommitWindow other;
  EXPECT_GE(under_way_after_a_while(other, 0, 100 * kMs), CommitWindow::kLeast);
}

// Conditions change under way: a path that has become long is filled again, once what it took
// before is forgotten.
TEST(CommitWindow, ForgetsWhatOnceWasFast) {
  CommitWindow window;
  std::uint64_t now = 0;
  for (int i = 0; i < 1000; ++i) window.committed(kMs, 2, now += kMs);
  // For a while all seems to wait …
  for (int i = 0; i < 100; ++i) window.committed(50 * kMs, 10, now += kMs);
  EXPECT_FALSE(window.allows(3));
  // … and then it is known to be the path.
  for (int i = 0; i < 30'000; ++i) {
    std::size_t under_way = 0;
    while (window.allows(under_way)) ++under_way;
    window.committed(50 * kMs, under_way, now += kMs);
  }
  EXPECT_TRUE(window.allows(20));
}

}  // namespace
}  // namespace sim
