#include "sim/script/mobility/waypoints.h"

#include "sim/script/mobility/walk.h"

namespace sim {

Track waypoint_track(const WaypointMobility& mobility, GeoPoint start, Duration until) {
  Walk walk(start, until);
  double length_m = 0;
  const auto go = [&](GeoPoint to) {
    length_m += herd::distance_m(walk.here(), to);
    walk.go(to, mobility.speed_mps);
  };
  for (const GeoPoint& point : mobility.points) {
    if (!walk.over()) go(point);
  }
  if (mobility.loop && !walk.over()) go(start);
  const bool goes_round = mobility.loop && !walk.over() && length_m > 0;
  if (!goes_round) return Track(std::move(walk).take());
  return {std::move(walk).take(), length_m / mobility.speed_mps};
}

}  // namespace sim
