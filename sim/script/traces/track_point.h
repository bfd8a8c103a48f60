// A location at a time. Tracks and traces consist of these.
#pragma once

#include "core/geodesy.h"
#include "core/time.h"

namespace sim {

struct TrackPoint {
  herd::Duration at{0};  // since the run's start
  herd::GeoPoint point;
  friend bool operator==(const TrackPoint&, const TrackPoint&) = default;
};

}  // namespace sim
