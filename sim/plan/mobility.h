// Where a client is at a given time.
#pragma once

#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/scenario/scenario.h"

namespace sim {

// One client's way through the world. Times may be asked for in any order.
class Track {
 public:
  Track(GeoPoint start, const Mobility& mobility);
  GeoPoint at(herd::Duration since_start) const;

 private:
  struct Leg {
    double begins_m = 0;  // from the start of the way
    double length_m = 0;
    GeoPoint from, to;
  };
  std::vector<Leg> legs_;  // none: it stands still
  GeoPoint start_;
  double speed_mps_ = 0;
  double length_m_ = 0;
  bool loop_ = false;
};

}  // namespace sim
