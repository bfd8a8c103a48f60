#include "sim/script/mobility/random_waypoint.h"

#include <cstdint>
#include <utility>

#include "sim/script/mobility/walk.h"
#include "sim/script/spec/geo_area.h"

namespace sim {
namespace {

// Returns a destination that can be reached without leaving the area. A long and very narrow area
// has hardly any such point; the client then goes along its meridian.
GeoPoint draw_destination(const GeoArea& area, GeoPoint from, herd::Random& random) {
  constexpr int kTries = 100;
  GeoPoint to;
  for (int i = 0; i < kTries; ++i) {
    to = draw_point(area, random);
    if (contains_way(area, from, to)) return to;
  }
  return {to.lat, from.lon};
}

}  // namespace

Track random_waypoint_track(const RandomWaypointMobility& mobility, std::optional<GeoPoint> start,
                            Duration until, herd::Random& random) {
  const auto& [slowest, fastest] = mobility.speed_mps;
  const auto& [shortest, longest] = mobility.pause;
  Walk walk(start_in(mobility.area, start, random), until);
  while (!walk.over()) {
    const GeoPoint to = draw_destination(mobility.area, walk.here(), random);
    walk.go(to, slowest + random.uniform() * (fastest - slowest));
    if (longest.count() == 0) continue;
    const auto choices = static_cast<std::uint64_t>((longest - shortest).count()) + 1;
    walk.stay(shortest + Duration(static_cast<std::int64_t>(random.below(choices))));
  }
  return Track(std::move(walk).take());
}

}  // namespace sim
