// The distributions of one herd on one side, for a picture: those of all its runs together.
#pragma once

#include <map>
#include <string>

#include "sim/app/compare/compared_side.h"

namespace sim {

// The number of values by the upper bound of their bucket, in microseconds.
using PooledCurve = std::map<double, double>;

// Returns the curves by metric ("propagation", "coverage" …), from the histograms.csv of each run
// of this herd at this point. Empty if no run has one.
std::map<std::string, PooledCurve> pooled_curves(const ComparedSide& side, const std::string& point,
                                                 const std::string& herd);

}  // namespace sim
