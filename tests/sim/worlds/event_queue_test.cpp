#include "sim/worlds/virtual/event_queue.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "core/random.h"

namespace sim {
namespace {

herd::Instant at(std::int64_t ns) { return herd::Instant(herd::Duration(ns)); }

std::vector<std::uint32_t> take_all(EventQueue& queue) {
  std::vector<std::uint32_t> targets;
  while (!queue.empty()) targets.push_back(queue.take().target);
  return targets;
}

TEST(EventQueue, OneMomentInTheOrderOfAdding) {
  EventQueue queue;
  queue.add(at(5), 0, 1, 0);
  queue.add_in_turn(at(5), 0, 2, 0);
  queue.add(at(5), 0, 3, 0);
  queue.add_in_turn(at(5), 0, 4, 0);
  EXPECT_EQ(take_all(queue), (std::vector<std::uint32_t>{1, 2, 3, 4}));
}

TEST(EventQueue, WhatIsUrgentComesFirstOfItsMoment) {
  EventQueue queue;
  queue.add(at(5), 0, 1, 0);
  queue.add(at(5), 0, 2, 0, true);
  queue.add(at(4), 0, 3, 0);
  queue.add(at(5), 0, 4, 0, true);
  EXPECT_EQ(take_all(queue), (std::vector<std::uint32_t>{3, 2, 4, 1}));
}

TEST(EventQueue, KeepsWhatItWasGiven) {
  EventQueue queue;
  queue.add(at(7), 65'535, 0xffff'ffff, 0xffff'fffe);
  const VirtualEvent event = queue.next();
  EXPECT_EQ(event.at, at(7));
  EXPECT_EQ(event.handler(), 65'535U);
  EXPECT_EQ(event.target, 0xffff'ffffU);
  EXPECT_EQ(event.payload, 0xffff'fffeU);
}

// As of a herd: thousands of lines on their way, each with its own time, and timers far off.
TEST(EventQueue, OrdersManyThatAreSpreadOut) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    herd::Random random(seed, "many");
    EventQueue queue;
    std::set<std::pair<std::int64_t, std::uint32_t>> expected;
    std::uint32_t added = 0;
    const auto add = [&](std::int64_t when) {
      if (seed % 2 == 0) {
        queue.add(at(when), 0, added, 0);
      } else {
        queue.add_in_turn(at(when), 0, added, 0);
      }
      expected.emplace(when, added++);
    };
    for (int i = 0; i < 300; ++i) add(static_cast<std::int64_t>(random.below(60'000'000'000)));
    while (!expected.empty()) {
      const auto [when, number] = *expected.begin();
      expected.erase(expected.begin());
      ASSERT_EQ(queue.size(), expected.size() + 1);
      ASSERT_EQ(queue.next().target, number) << "seed " << seed;
      ASSERT_EQ(queue.take().at, at(when));
      // Each line brings up to three more, for a while, some of them at one moment.
      for (std::uint64_t more = added < 30'000 ? random.below(4) : 0; more > 0; --more) {
        const std::uint64_t jitter =
            seed < 3 ? random.below(2) * 1'000'000 : random.below(6'000'000);
        add(when + 7'000'000 + static_cast<std::int64_t>(jitter));
      }
    }
    ASSERT_TRUE(queue.empty());
  }
}

// Against a set: whatever is added when, in turn or not, comes in the order of time, urgency and
// sequence.
TEST(EventQueue, OrdersAnythingAsASetWould) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    herd::Random random(seed, "queue");
    EventQueue queue;
    std::set<std::tuple<std::int64_t, bool, std::uint32_t>> expected;
    std::int64_t now = 0;
    std::uint32_t added = 0;
    for (int step = 0; step < 2'000; ++step) {
      if (random.below(3) > 0 || expected.empty()) {
        const auto when = now + static_cast<std::int64_t>(random.below(seed % 2 == 0 ? 4 : 50));
        const std::uint64_t how = random.below(4);
        const bool urgent = how == 0;
        if (how == 1) {
          queue.add(at(when), 0, added, 0);
        } else if (urgent) {
          queue.add(at(when), 0, added, 0, true);
        } else {
          queue.add_in_turn(at(when), 0, added, 0);
        }
        expected.emplace(when, !urgent, added++);
      } else {
        ASSERT_EQ(queue.size(), expected.size());
        const auto [when, not_urgent, number] = *expected.begin();
        expected.erase(expected.begin());
        ASSERT_EQ(queue.next().target, number) << "seed " << seed << " step " << step;
        ASSERT_EQ(queue.take().at, at(when));
        now = when;
      }
    }
  }
}

}  // namespace
}  // namespace sim
