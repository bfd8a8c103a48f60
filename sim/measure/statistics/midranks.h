// Ranks of values. Equal values share the mean of their ranks, their midrank.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sim {

// Returns twice the midrank of each value, in the order of the values: midranks are whole or half
// numbers, and twice a midrank is a whole one. The least value has rank 1.
std::vector<std::uint32_t> doubled_midranks(std::span<const double> values);

}  // namespace sim
