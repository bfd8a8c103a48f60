// Reads the skew of a server's or a client's clock.
#pragma once

#include "sim/script/read/kinds.h"
#include "sim/script/spec/clock_skew.h"

namespace sim {

// A duration, or an object of "offset" and "drift".
extern const CodeKind<ClockSkew> kClockSkew;

}  // namespace sim
