// Herds that are played by hand, and the checker's results for them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {

inline constexpr const char* kKiwiAtT1 =
    "AT Alford +0.000000000 kiwi +34.068930-118.445127 1000000000.001000000";

// Two clients at two servers, three updates.
inline Plan three_updates() {
  return HandPlan()
      .client("kiwi", kAlford)
      .client("emu", kHoliday)
      .update(0, at_ms(1))
      .update(1, at_ms(2))
      .update(0, at_ms(3));
}
inline Plan one_update() { return HandPlan().client("kiwi", kAlford).update(0, at_ms(1)); }

inline std::vector<std::string> judged(const ToyHerd& toy) {
  const HerdOutcome outcome = toy.outcome();
  const Violations found = check(outcome, UpdateLedger(outcome), ClockKind::kVirtual);
  EXPECT_EQ(found.count, found.sentences.size());
  return found.sentences;
}

// Checks that the checker says nothing, or a single sentence with this part.
inline void expect_judged(const ToyHerd& toy, const std::string& part) {
  const auto found = judged(toy);
  if (part.empty()) {
    EXPECT_THAT(found, testing::IsEmpty());
  } else {
    EXPECT_THAT(found, testing::ElementsAre(testing::HasSubstr(part)));
  }
}

}  // namespace sim
