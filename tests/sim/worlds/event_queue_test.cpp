#include "sim/worlds/virtual/event_queue.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>
#include <vector>

#include "core/random.h"

namespace sim {
namespace {

herd::Instant at(std::int64_t ns) { return herd::Instant(herd::Duration(ns)); }

std::vector<std::uint32_t> take_all(EventQueue& queue) {
  std::vector<std::uint32_t> payloads;
  while (!queue.empty()) payloads.push_back(queue.take().payload);
  return payloads;
}

TEST(EventQueue, OneMomentInTheOrderOfStepHandlerAndTarget) {
  EventQueue queue;
  queue.add(at(5), 1, 0, 0, 6);
  queue.add_in_turn(at(5), 0, 1, 0, 4);
  queue.add_in_turn(at(5), 0, 0, 7, 3);
  queue.add(at(5), 0, 0, 2, 1);
  queue.add_in_turn(at(5), 0, 0, 2, 2);
  queue.add_in_turn(at(5), 1, 0, 1, 7);
  queue.add(at(5), 0, 1, 1, 5);
  EXPECT_EQ(take_all(queue), (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7}));
}

TEST(EventQueue, WhatIsUrgentComesFirstOfItsMoment) {
  EventQueue queue;
  queue.add(at(5), 0, 0, 0, 1);
  queue.add(at(5), 3, 0, 0, 2, true);
  queue.add(at(4), 0, 0, 0, 3);
  queue.add(at(5), 3, 0, 0, 4, true);
  EXPECT_EQ(take_all(queue), (std::vector<std::uint32_t>{3, 2, 4, 1}));
}

TEST(EventQueue, KeepsWhatItWasGiven) {
  EventQueue queue;
  queue.add(at(7), VirtualEvent::kMaxStep, VirtualEvent::kMaxHandler, 0xffff'ffff, 0xffff'fffe);
  EXPECT_EQ(queue.next_at(), at(7));
  const VirtualEvent event = queue.take();
  EXPECT_EQ(event.at, at(7));
  EXPECT_EQ(event.step(), VirtualEvent::kMaxStep);
  EXPECT_EQ(event.handler(), VirtualEvent::kMaxHandler);
  EXPECT_EQ(event.target(), 0xffff'ffffU);
  EXPECT_EQ(event.payload, 0xffff'fffeU);
}

// The events of one run, kept by a queue and by a set. Events are added with their number as
// payload.
struct Both {
  using Key =
      std::tuple<std::int64_t, bool, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;
  enum class How { kAny, kInTurn, kUrgent };

  void add(std::int64_t when, std::uint32_t handler, std::uint32_t target, How how) {
    const std::uint32_t step = when == now ? last_step + 1 : 0;
    if (how == How::kInTurn) {
      queue.add_in_turn(at(when), step, handler, target, added);
    } else {
      queue.add(at(when), step, handler, target, added, how == How::kUrgent);
    }
    expected.emplace(when, how != How::kUrgent, step, handler, target, added++);
  }
  // Takes the next one of each, which must be the same.
  void take() {
    ASSERT_EQ(queue.size(), expected.size());
    const Key key = *expected.begin();
    expected.erase(expected.begin());
    ASSERT_EQ(queue.next_at(), at(std::get<0>(key)));
    const VirtualEvent event = queue.take();
    ASSERT_EQ(event.payload, std::get<5>(key));
    ASSERT_EQ(event.at, at(std::get<0>(key)));
    now = std::get<0>(key);
    last_step = event.step();
  }

  EventQueue queue;
  std::set<Key> expected;
  std::uint32_t added = 0, last_step = 0;
  std::int64_t now = 0;
};

// As of a herd: thousands of lines on their way, each with its own time, and timers far off.
TEST(EventQueue, OrdersManyThatAreSpreadOut) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    herd::Random random(seed, "many");
    Both both;
    const auto add = [&](std::int64_t when) {
      both.add(when, 0, static_cast<std::uint32_t>(random.below(2'000)),
               seed % 2 == 0 ? Both::How::kAny : Both::How::kInTurn);
    };
    for (int i = 0; i < 300; ++i) add(static_cast<std::int64_t>(random.below(60'000'000'000)));
    while (!both.expected.empty()) {
      ASSERT_NO_FATAL_FAILURE(both.take()) << "seed " << seed;
      // Each line brings up to three more, for a while, some of them at one moment.
      for (std::uint64_t more = both.added < 30'000 ? random.below(4) : 0; more > 0; --more) {
        const std::uint64_t jitter =
            seed < 3 ? random.below(2) * 1'000'000 : random.below(6'000'000);
        add(both.now + 7'000'000 + static_cast<std::int64_t>(jitter));
      }
    }
    ASSERT_TRUE(both.queue.empty());
  }
}

// Against a set: whatever is added when, in turn or not, comes in the queue's order.
TEST(EventQueue, OrdersAnythingAsASetWould) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    herd::Random random(seed, "queue");
    Both both;
    for (int step = 0; step < 2'000; ++step) {
      if (step % 97 == 0) both.queue.free_unused();  // it changes no order
      if (random.below(3) == 0 && !both.expected.empty()) {
        ASSERT_NO_FATAL_FAILURE(both.take()) << "seed " << seed << " step " << step;
        continue;
      }
      const std::uint64_t how = random.below(4);
      both.add(both.now + static_cast<std::int64_t>(random.below(seed % 2 == 0 ? 4 : 50)),
               static_cast<std::uint32_t>(random.below(3)),
               static_cast<std::uint32_t>(random.below(5)),
               how == 0   ? Both::How::kUrgent
               : how == 1 ? Both::How::kAny
                          : Both::How::kInTurn);
    }
  }
}

// So many that they are sorted in another way.
TEST(EventQueue, OrdersManyOfOneTurn) {
  for (const std::uint32_t targets : {3U, 40'000U, 0xffff'ffffU}) {
    herd::Random random(targets, "turn");
    Both both;
    for (int i = 0; i < 20'000; ++i) {
      both.add(1'000'000, static_cast<std::uint32_t>(random.below(VirtualEvent::kMaxHandler)),
               static_cast<std::uint32_t>(random.below(targets)), Both::How::kInTurn);
    }
    while (!both.expected.empty()) ASSERT_NO_FATAL_FAILURE(both.take()) << targets;
    ASSERT_TRUE(both.queue.empty());
  }
}

// What comes at one moment does not depend on the order in which different sources added it.
TEST(EventQueue, TheOrderOfAddingCountsWithinASourceOnly) {
  const auto order = [](std::uint64_t seed) {
    herd::Random random(seed, "sources");
    std::vector<std::uint32_t> next(40, 0);  // the number of the source's next event
    EventQueue queue;
    for (int left = 40 * 5; left > 0; --left) {
      std::uint32_t source = 0;
      do {
        source = static_cast<std::uint32_t>(random.below(40));
      } while (next[source] == 5);
      const std::uint32_t number = next[source]++;
      const herd::Instant when = at(10 + (number + source) / 4);
      if (random.below(2) == 0) {
        queue.add(when, 0, source % 3, source, 100 * source + number);
      } else {
        queue.add_in_turn(when, 0, source % 3, source, 100 * source + number);
      }
    }
    return take_all(queue);
  };
  const std::vector<std::uint32_t> expected = order(1);
  for (std::uint64_t seed = 2; seed <= 20; ++seed) EXPECT_EQ(order(seed), expected);
}

}  // namespace
}  // namespace sim
