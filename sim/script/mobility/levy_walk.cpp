#include "sim/script/mobility/levy_walk.h"

#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>

#include "sim/script/mobility/walk.h"
#include "sim/script/spec/geo_area.h"

namespace sim {
namespace {

GeoPoint fly_from(GeoPoint here, const LevyWalkMobility& mobility, herd::Random& random) {
  constexpr int kLengths = 8, kDirections = 16;
  const auto& [shortest, longest] = mobility.flight_m;
  double metres = 0;
  for (int i = 0; i < kLengths; ++i) {
    metres = random.bounded_pareto(shortest, longest, mobility.flight_exponent);
    for (int j = 0; j < kDirections; ++j) {
      const double bearing = random.uniform() * 2 * std::numbers::pi;
      const GeoPoint to = herd::destination(here, bearing, metres);
      if (contains(mobility.area, to) && contains_way(mobility.area, here, to)) return to;
    }
  }
  return along_meridian(mobility.area, here, metres);
}

}  // namespace

Track levy_walk_track(const LevyWalkMobility& mobility, std::optional<GeoPoint> start,
                      Duration until, herd::Random& random) {
  const auto seconds = [](Duration time) { return std::chrono::duration<double>(time).count(); };
  const auto& [shortest, longest] = mobility.pause;
  Walk walk(start_in(mobility.area, start, random), until);
  while (!walk.over()) {
    walk.go(fly_from(walk.here(), mobility, random), mobility.speed_mps);
    if (longest.count() == 0) continue;
    const double pause_s =
        random.bounded_pareto(seconds(shortest), seconds(longest), mobility.pause_exponent);
    walk.stay(Duration(std::llround(pause_s * 1e9)));
  }
  return Track(std::move(walk).take());
}

}  // namespace sim
