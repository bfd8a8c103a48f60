// One client's way: where it is at any time.
#pragma once

#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/traces/track_point.h"

namespace sim {

// A list of knots, with great circles at an even ground speed between one and the next. Before the
// first knot a client stands at it, after the last one it stays there. Times may be asked for in
// any order, from any thread.
class Track {
 public:
  // Stands still.
  explicit Track(herd::GeoPoint point);
  // At least one knot; their times do not go back. Where two have one time, it jumps.
  explicit Track(std::vector<TrackPoint> knots);
  // Goes round for ever, from the first knot, at 0, to the last, `period_s` > 0 later and at the
  // same place. The period is not rounded to nanoseconds: a thousand rounds end when they should.
  Track(std::vector<TrackPoint> knots, double period_s);

  herd::GeoPoint at(herd::Duration since_start) const;

  // The knots up to a time, those of every round.
  std::vector<TrackPoint> knots(herd::Duration until) const;

 private:
  std::vector<TrackPoint> knots_;
  double period_s_ = 0;  // 0: it does not go round
};

}  // namespace sim
