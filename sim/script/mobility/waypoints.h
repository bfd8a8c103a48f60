// Tracks from point to point.
#pragma once

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Returns the track of one client, exact until `until`. A loop without length stays at its start.
Track waypoint_track(const WaypointMobility& mobility, GeoPoint start, Duration until);

}  // namespace sim
