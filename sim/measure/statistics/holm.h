// Many tests at once.
#pragma once

#include <span>
#include <vector>

namespace sim {

// Returns Holm's adjusted p-values, in the same order. If those that are at most 0.05 are taken for
// differences, the chance that any of them is none is at most 0.05, however the tests depend on
// each other.
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace sim
