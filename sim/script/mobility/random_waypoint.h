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

// Goes to a point of the area, each square metre being as likely, at a speed that is uniform in its
// range, pauses for a time that is, and goes on. A point to which the great circle leaves the area
// is drawn again. It sets out at once. `start` is in the area; without one it is drawn too.
Track random_waypoint_track(const RandomWaypointMobility& mobility, std::optional<GeoPoint> start,
                            Duration until, herd::Random& random);

}  // namespace sim
