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

// A flight along a great circle in a direction that is uniform, a pause, and again. Lengths and
// pauses are bounded Pareto: their densities fall as x^-(1 + exponent) within their ranges. A
// flight that would leave the area is given another direction, and where none of several will do,
// another length. It sets out at once. `start` is in the area; without one it is drawn, each square
// metre being as likely. The area is at least twice the shortest flight high.
Track levy_walk_track(const LevyWalkMobility& mobility, std::optional<GeoPoint> start,
                      Duration until, herd::Random& random);

}  // namespace sim
