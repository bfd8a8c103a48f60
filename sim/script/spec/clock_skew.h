// The error of a clock: a constant offset, and a drift that grows with time.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace sim {

struct ClockSkew {
  herd::Duration offset{0};    // at the run's time zero: the clock minus true time
  std::int64_t drift_ppb = 0;  // the clock's gain in parts per billion; negative if it loses time

  // Returns the clock minus true time when `elapsed` has passed since time zero.
  herd::Duration after(herd::Duration elapsed) const {
    if (drift_ppb == 0) return offset;
    // Multiplies whole seconds and the rest separately, so that a year's drift does not overflow.
    constexpr std::int64_t kNsInSecond = 1'000'000'000;
    const std::int64_t ns = elapsed.count();
    return offset + herd::Duration(ns / kNsInSecond * drift_ppb +
                                   ns % kNsInSecond * drift_ppb / kNsInSecond);
  }
  friend bool operator==(const ClockSkew&, const ClockSkew&) = default;
};

}  // namespace sim
