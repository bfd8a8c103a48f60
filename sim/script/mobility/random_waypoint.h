// The random waypoint model: D. B. Johnson, D. A. Maltz, "Dynamic Source Routing in Ad Hoc Wireless
// Networks", 1996.
#pragma once

#include <optional>

#include "core/geodesy.h"
#include "core/random.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Returns the track of one client until `until`. The client goes to a random point of the area,
// pauses, and repeats; it begins with a walk. Every square metre of the area has the same
// probability. Speeds and pauses are uniform in their ranges. A destination is drawn again if the
// great circle to it leaves the area.
//
// `start` is in the area. If it is nullopt, the start is drawn too.
Track random_waypoint_track(const RandomWaypointMobility& mobility, std::optional<GeoPoint> start,
                            Duration until, herd::Random& random);

}  // namespace sim
