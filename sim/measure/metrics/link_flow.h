// What goes one way over a link: the messages under way on it, in the order in which they were
// sent, and how many there have been.
#pragma once

#include <cstdint>

#include "sim/base/ring_queue.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

// A cache line: a message touches no more of its link.
struct alignas(64) LinkFlow {
  RingQueue<InFlight> in_flight;
  std::uint64_t messages = 0, duplicates = 0, echoes = 0;
};
static_assert(sizeof(LinkFlow) == 64);

}  // namespace sim
