// A track as samples, for a trace.
#pragma once

#include <vector>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/traces/track_point.h"

namespace sim {

// From 0 to `until`: at each knot, every so often, and at `until`. A track with these as its knots
// goes the same way. every > 0.
std::vector<TrackPoint> sample_track(const Track& track, herd::Duration every,
                                     herd::Duration until);

}  // namespace sim
