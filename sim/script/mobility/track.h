// One client's track: its location at any time.
#pragma once

#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/traces/track_point.h"

namespace sim {

// A list of knots. Between two knots the client follows the great circle at a constant ground
// speed. Before the first knot it stays at that knot; after the last one it stays there. Callers
// may ask for times in any order, from any thread.
class Track {
 public:
  // A track that stays at one point.
  explicit Track(herd::GeoPoint point);
  // Takes at least one knot. The times of the knots do not decrease. If two knots have the same
  // time, the client jumps.
  explicit Track(std::vector<TrackPoint> knots);
  // A track that repeats for ever. The first knot is at time 0. The last one is `period_s` > 0
  // seconds later, at the same place. The period is not rounded to nanoseconds, so that a thousand
  // rounds end at the right time.
  Track(std::vector<TrackPoint> knots, double period_s);

  herd::GeoPoint at(herd::Duration since_start) const;

  // Returns the knots up to and including `until`, those of every round.
  std::vector<TrackPoint> knots(herd::Duration until) const;

 private:
  std::vector<TrackPoint> knots_;
  double period_s_ = 0;  // 0: the track does not repeat
};

}  // namespace sim
