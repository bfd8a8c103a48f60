// Makes a track leg by leg.
#pragma once

#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/mobility/track.h"

namespace sim {

// The walk ends at `until`, even in the middle of a leg. Later legs are left out.
class Walk {
 public:
  Walk(herd::GeoPoint start, herd::Duration until);

  herd::GeoPoint here() const { return knots_.back().point; }
  herd::Duration time() const { return knots_.back().at; }
  bool over() const { return time() >= until_; }

  // Add a leg along the great circle, at a ground speed > 0 or in a time > 0. Knots are rounded to
  // the nearest nanosecond; the next leg corrects the rounding of the last.
  void go(herd::GeoPoint to, double speed_mps);
  void go_in(herd::GeoPoint to, herd::Duration time);
  void stay(herd::Duration time) { go_in(here(), time); }

  // Returns the knots of a finished walk.
  std::vector<TrackPoint> take() && { return std::move(knots_); }

 private:
  void go_ns(herd::GeoPoint to, double ns);

  herd::Duration until_;
  std::vector<TrackPoint> knots_;
  double owed_ns_ = 0;  // true time minus the last knot's time
};

}  // namespace sim
