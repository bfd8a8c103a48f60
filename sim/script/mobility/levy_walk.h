// The truncated Levy walk: I. Rhee, M. Shin, S. Hong, K. Lee, S. J. Kim, S. Chong, "On the
// Levy-Walk Nature of Human Mobility", IEEE/ACM Transactions on Networking 19(3), 2011.
#pragma once

#include <optional>

#include "core/geodesy.h"
#include "core/random.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Returns the track of one client until `until`. The client alternates flights and pauses, and
// begins with a flight. A flight goes along a great circle in a uniform direction. Lengths and
// pauses are bounded Pareto: their densities fall as x^-(1 + exponent) within their ranges. A
// flight that would leave the area gets another direction; after several that do not fit, another
// length.
//
// `start` is in the area. If it is nullopt, the start is drawn; every square metre has the same
// probability. The area's height is at least twice the shortest flight.
Track levy_walk_track(const LevyWalkMobility& mobility, std::optional<GeoPoint> start,
                      Duration until, herd::Random& random);

}  // namespace sim
