// From point to point.
#pragma once

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Right up to `until`. A way that goes round and has no length stands still.
Track waypoint_track(const WaypointMobility& mobility, GeoPoint start, Duration until);

}  // namespace sim
