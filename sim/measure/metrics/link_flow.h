// The traffic of one direction of a link: the messages in flight on it, in the order in which they
// were sent, and the numbers of messages so far.
#pragma once

#include <cstdint>

#include "sim/base/ring_queue.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

// One cache line: a message touches no other memory of its link.
struct alignas(64) LinkFlow {
  RingQueue<InFlight> in_flight;
  std::uint64_t messages = 0, duplicates = 0, echoes = 0;
};
static_assert(sizeof(LinkFlow) == 64);

}  // namespace sim
