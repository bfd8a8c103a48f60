// Ports for programs that have to be told which one to listen on.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// A port that nobody has at `host` (numeric), none of `avoid`, and outside of the range from which
// the kernel gives ports to outgoing connections, so that none of those takes it before the program
// does. Each call goes on where the last one ended, from a random place on: none is given twice
// before all others were, and several processes at once rarely give the same. Any thread.
herd::Result<std::uint16_t, Error> free_port(const std::string& host,
                                             const std::set<std::uint16_t>& avoid = {});

// The ports to choose from where the kernel gives out those from first to last, in order.
std::vector<std::uint16_t> ports_outside(std::pair<unsigned, unsigned> kernel_range);

}  // namespace sim
