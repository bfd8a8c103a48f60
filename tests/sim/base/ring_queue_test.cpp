#include "sim/base/ring_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "core/random.h"

namespace sim {
namespace {

void expect_same(const RingQueue<int>& queue, const std::deque<int>& expected) {
  ASSERT_EQ(queue.size(), expected.size());
  ASSERT_EQ(queue.empty(), expected.empty());
  for (std::uint32_t i = 0; i < expected.size(); ++i) ASSERT_EQ(queue[i], expected[i]);
  if (expected.empty()) return;
  ASSERT_EQ(queue.front(), expected.front());
  const auto [first, second] = queue.parts();
  ASSERT_FALSE(first.empty());
  ASSERT_EQ(first.size() + second.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(i < first.size() ? first[i] : second[i - first.size()], expected[i]);
  }
}

TEST(RingQueue, IsEmptyAtFirst) { expect_same({}, {}); }

TEST(RingQueue, GivesBackInOrder) {
  RingQueue<int> queue;
  for (int i = 0; i < 3; ++i) queue.push_back(i);
  expect_same(queue, {0, 1, 2});
  queue.pop_front();
  expect_same(queue, {1, 2});
}

// The queue grows correctly with its head at every position of the ring.
TEST(RingQueue, GrowsWhereverItsHeadIs) {
  for (int skipped = 0; skipped <= 8; ++skipped) {
    RingQueue<int> queue;
    std::deque<int> expected;
    for (int i = 0; i < 5; ++i) queue.push_back(-2);  // more than the queue object holds
    for (int i = 0; i < 5; ++i) queue.pop_front();
    for (int i = 0; i < skipped; ++i) {
      queue.push_back(-1);
      queue.pop_front();
    }
    for (int i = 0; i < 20; ++i) {
      queue.push_back(i);
      expected.push_back(i);
      expect_same(queue, expected);
    }
  }
}

// Checks growth from the queue object's own places, for each position of the head and several
// sizes.
template <std::uint32_t kWithin>
void grow_from_within() {
  for (std::uint32_t skipped = 0; skipped <= kWithin; ++skipped) {
    RingQueue<int, kWithin> queue;
    std::deque<int> expected;
    for (std::uint32_t i = 0; i < skipped; ++i) {
      queue.push_back(-1);
      queue.pop_front();
    }
    for (int i = 0; i < 30; ++i) {
      queue.push_back(i);
      expected.push_back(i);
      for (std::uint32_t k = 0; k < expected.size(); ++k) ASSERT_EQ(queue[k], expected[k]);
    }
  }
}
TEST(RingQueue, GrowsFromWithin) {
  grow_from_within<1>();
  grow_from_within<2>();
  grow_from_within<4>();
  grow_from_within<16>();
}

TEST(RingQueue, IsUsableOnceCleared) {
  RingQueue<int> queue;
  for (int i = 0; i < 13; ++i) queue.push_back(i);
  queue.pop_front();
  queue.clear();
  expect_same(queue, {});
  queue.push_back(5);
  expect_same(queue, {5});
}

TEST(RingQueue, DoesWhatADequeDoes) {
  herd::Random random(1, "ring-queue");
  RingQueue<int> queue;
  std::deque<int> expected;
  for (int i = 0; i < 20'000; ++i) {
    // Fills and empties in turn, and sometimes clears the queue.
    const bool filling = i / 100 % 2 == 0;
    if (random.below(500) == 0) {
      queue.clear();
      expected.clear();
    } else if (expected.empty() || random.below(10) < (filling ? 7U : 3U)) {
      queue.push_back(i);
      expected.push_back(i);
    } else {
      const auto count = 1 + random.below(std::min<std::uint64_t>(3, expected.size()));
      queue.pop_front(static_cast<std::uint32_t>(count));
      expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count));
    }
    if (i % 7 == 0) expect_same(queue, expected);
  }
}

}  // namespace
}  // namespace sim
