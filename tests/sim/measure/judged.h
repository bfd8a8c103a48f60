// The checker's result for a herd that is played by hand.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/measure/checker/checker.h"
#include "tests/sim/measure/toy_herd.h"

namespace sim {

inline std::vector<std::string> judged(const ToyHerd& toy) {
  const HerdOutcome outcome = toy.outcome();
  const Violations found = check(outcome, UpdateLedger(outcome), ClockKind::kVirtual);
  EXPECT_EQ(found.count, found.sentences.size());
  return found.sentences;
}

}  // namespace sim
