// Free ports, for programs that must be told which port to listen on.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// A port for a program that does not listen yet. No process of herdsim gives it out again while
// `hold` is open.
struct HeldPort {
  std::uint16_t number = 0;
  OwnedFd hold;
};

// Returns a port of `host` (numeric) that no program uses and that is not in `avoid`. The port is
// outside of the range from which the kernel takes ports for outgoing connections, so none of those
// takes it before the program does.
//
// Each call continues after the last returned port; the first begins at random. So no port repeats
// before all others were returned. Any thread may call it.
herd::Result<HeldPort, Error> free_port(const std::string& host,
                                        const std::set<std::uint16_t>& avoid = {});

// Takes `port` for a HeldPort. Returns no descriptor if a process holds it already: whoever has the
// abstract UNIX socket `@herdsim-port-PORT` holds the port, in the same network namespace. The
// error says that the system gave no socket.
herd::Result<OwnedFd, Error> hold_port(std::uint16_t port);

// Returns the candidate ports in order, if the kernel uses the ports from first to last for
// outgoing connections.
std::vector<std::uint16_t> ports_outside(std::pair<unsigned, unsigned> kernel_range);

}  // namespace sim
