// Free ports, for programs that must be told which port to listen on.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// Returns a port of `host` (numeric) that no program uses and that is not in `avoid`. The port is
// outside of the range from which the kernel takes ports for outgoing connections, so none of those
// takes it before the program does.
//
// Each call continues after the last returned port; the first begins at random. So no port repeats
// before all others were returned, and simultaneous processes rarely get the same one. Any thread
// may call it.
herd::Result<std::uint16_t, Error> free_port(const std::string& host,
                                             const std::set<std::uint16_t>& avoid = {});

// Returns the candidate ports in order, if the kernel uses the ports from first to last for
// outgoing connections.
std::vector<std::uint16_t> ports_outside(std::pair<unsigned, unsigned> kernel_range);

}  // namespace sim
