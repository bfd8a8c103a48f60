#include "sim/measure/metrics/planned_updates.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "sim/measure/metrics/recorder_logs.h"

namespace sim {
namespace {

constexpr herd::PosixNs kBase = 1'000'000'000'000'000'000;

// Compares with a search through the whole plan. Many updates share their subject and time, and
// some their location too.
TEST(PlannedUpdates, AreTakenInTheOrderOfThePlan) {
  std::mt19937 random(2);  // NOLINT: the same values every time
  Plan plan;
  plan.subjects = {"kiwi", "emu", "moa"};
  for (int i = 0; i < 300; ++i) {
    PlannedUpdate update;
    update.subject = static_cast<std::uint32_t>(random() % 2);
    update.stamp = static_cast<herd::PosixNs>(random() % 40);
    update.location.lat = static_cast<double>(random() % 3);
    plan.updates.push_back(update);
  }
  constexpr std::uint32_t kKnown = 250;
  PlannedUpdates planned(plan, kKnown, kBase);
  std::vector<bool> taken(kKnown);
  for (int i = 0; i < 3000; ++i) {
    PlannedUpdate wanted;
    wanted.stamp = static_cast<herd::PosixNs>(random() % 42);
    wanted.location.lat = static_cast<double>(random() % 4);
    const auto subject = static_cast<std::uint32_t>(random() % 4);
    const std::string location = location_text(plan, wanted);
    std::uint32_t expected = kNoIndex;
    for (std::uint32_t n = 0; n < kKnown && expected == kNoIndex; ++n) {
      const PlannedUpdate& update = plan.updates[n];
      if (!taken[n] && update.subject == subject && update.stamp == wanted.stamp &&
          location_text(plan, update) == location) {
        expected = n;
      }
    }
    if (expected != kNoIndex) taken[expected] = true;
    ASSERT_EQ(planned.take(subject, kBase + wanted.stamp, hash_location(location)), expected);
  }
}

}  // namespace
}  // namespace sim
