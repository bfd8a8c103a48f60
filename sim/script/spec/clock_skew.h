// How far a clock is off: by a constant, and by more the longer it runs.
#pragma once

#include <cstdint>

#include "core/time.h"

namespace sim {

struct ClockSkew {
  herd::Duration offset{0};    // at the run's time zero: the clock minus true time
  std::int64_t drift_ppb = 0;  // what it gains, in parts per billion; negative: it loses

  // The clock minus true time, so long after time zero.
  herd::Duration after(herd::Duration elapsed) const {
    if (drift_ppb == 0) return offset;
    // Whole seconds and the rest apart: a year's drift does not overflow.
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t ns = elapsed.count();
    return offset + herd::Duration(ns / kSecond * drift_ppb + ns % kSecond * drift_ppb / kSecond);
  }
  friend bool operator==(const ClockSkew&, const ClockSkew&) = default;
};

}  // namespace sim
