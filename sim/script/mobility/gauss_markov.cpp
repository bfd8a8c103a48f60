#include "sim/script/mobility/gauss_markov.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>

#include "sim/script/mobility/walk.h"
#include "sim/script/spec/geo_area.h"

namespace sim {
namespace {

// Angles in radians, clockwise from north.
struct Heading {
  double mean = 0;
  double off = 0;  // the heading minus its mean

  double value() const { return mean + off; }
};

// Returns the point at the end of a step. Turns the heading if the step would leave the area.
GeoPoint step_from(GeoPoint here, double metres, const GeoArea& area, Heading& heading) {
  if (metres == 0) return here;
  constexpr double kHalfTurn = std::numbers::pi;
  const std::array<Heading, 4> turned = {
      heading, Heading{kHalfTurn - heading.mean, -heading.off},  // at a parallel
      Heading{-heading.mean, -heading.off},                      // at a meridian
      Heading{heading.mean + kHalfTurn, heading.off},            // at a corner
  };
  for (const Heading& each : turned) {
    const GeoPoint to = herd::destination(here, each.value(), metres);
    if (!contains(area, to) || !contains_way(area, here, to)) continue;
    heading = each;
    return to;
  }
  // In a narrow corner none of these fits: go straight away from the nearer parallel.
  const GeoPoint to = along_meridian(area, here, metres);
  heading = {to.lat > here.lat ? 0.0 : kHalfTurn, 0};
  return to;
}

}  // namespace

Track gauss_markov_track(const GaussMarkovMobility& mobility, std::optional<GeoPoint> start,
                         Duration until, herd::Random& random) {
  const double memory = mobility.memory;
  const double drift = std::sqrt(1 - memory * memory);
  const double step_s = std::chrono::duration<double>(mobility.step).count();
  Walk walk(start_in(mobility.area, start, random), until);
  Heading heading;
  heading.mean = random.uniform() * 2 * std::numbers::pi;
  heading.off = mobility.heading_deviation * random.normal();
  double speed_off = mobility.speed_deviation_mps * random.normal();
  while (!walk.over()) {
    const double speed = std::clamp(mobility.speed_mps + speed_off, 0.0, 2 * mobility.speed_mps);
    walk.go_in(step_from(walk.here(), speed * step_s, mobility.area, heading), mobility.step);
    heading.off = memory * heading.off + drift * mobility.heading_deviation * random.normal();
    speed_off = memory * speed_off + drift * mobility.speed_deviation_mps * random.normal();
  }
  return Track(std::move(walk).take());
}

}  // namespace sim
