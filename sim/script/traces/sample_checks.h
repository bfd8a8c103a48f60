// Finds the samples of a trace file that cannot be right. The good samples are those that most
// others agree with, so that an error names the one wrong sample and not the good ones after it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/geodesy.h"
#include "core/time.h"

namespace sim {

// A sample as its file has it.
struct RawSample {
  herd::PosixNs time = 0;  // from whatever the format counts
  herd::GeoPoint point;
  std::size_t line = 1;
};

// Returns the first time of the stretch of kMaxTraceTime that has the most times; the earlier one
// if two have equally many. `times` is not empty.
herd::PosixNs first_of_most(std::vector<herd::PosixNs> times);

// Each of these returns whether each sample of one client is good.
// In order: a longest list of samples whose times do not decrease is good.
std::vector<bool> in_order(std::span<const RawSample> samples);
// Possible: nobody moves at more than kMaxSpeedMps. Samples of one time are a jump, which is
// good. Precondition: the samples are in order.
std::vector<bool> at_possible_speed(std::span<const RawSample> samples);

// Consecutive samples that are not good.
struct OddRun {
  std::size_t first = 0;
  std::size_t count = 0;
};
std::vector<OddRun> odd_runs(const std::vector<bool>& good);

}  // namespace sim
