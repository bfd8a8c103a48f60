// Reads `service_time` and `wire`: what virtual time models in its own way. A scenario may say them
// for all of its herds, and a herd for itself.
#pragma once

#include "core/time.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/problems.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct VirtualModel {
  herd::Duration service_time{0};
  Wire wire = Wire::kValues;
};

// What the object does not say is as in `outer`. With another clock both are problems: there the
// machine takes the time that it takes, and sockets carry text.
VirtualModel read_virtual_model(ObjectReader& object, ClockKind clock, const VirtualModel& outer,
                                Problems& problems);

}  // namespace sim
