// Reads the keys that only virtual time has, of the scenario or of a herd.
#pragma once

#include "sim/script/read/fields.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct VirtualModel {
  herd::Duration service_time{0};
  Wire wire = Wire::kValues;
};

// The keys "service_time" and "wire". By default a herd has the scenario's values.
const Fields<VirtualModel>& virtual_model_fields();
const Fields<HerdSpec>& virtual_model_fields_of_herd();

// Refuses these keys unless the clock is virtual: in real time the machine takes the time that it
// takes, and sockets carry text.
void refuse_virtual_model(ObjectReader& object, ClockKind clock);

}  // namespace sim
