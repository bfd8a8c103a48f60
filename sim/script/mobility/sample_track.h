// Samples of a track, for a trace.
#pragma once

#include <vector>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/traces/track_point.h"

namespace sim {

// Returns the track's points from 0 to `until`: at each knot, at each multiple of `every` > 0, and
// at `until`. A track with these points as its knots is the same track.
std::vector<TrackPoint> sample_track(const Track& track, herd::Duration every,
                                     herd::Duration until);

}  // namespace sim
