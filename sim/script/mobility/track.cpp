#include "sim/script/mobility/track.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <utility>

namespace sim {
namespace {

double seconds(herd::Duration time) { return std::chrono::duration<double>(time).count(); }
herd::Duration from_seconds(double time) { return herd::Duration(std::llround(time * 1e9)); }

}  // namespace

Track::Track(herd::GeoPoint point) : knots_{{herd::Duration(0), point}} {}

Track::Track(std::vector<TrackPoint> knots) : knots_(std::move(knots)) {}

Track::Track(std::vector<TrackPoint> knots, double period_s)
    : knots_(std::move(knots)), period_s_(period_s) {}

herd::GeoPoint Track::at(herd::Duration since_start) const {
  if (period_s_ > 0) since_start = from_seconds(std::fmod(seconds(since_start), period_s_));
  const auto after =
      std::upper_bound(knots_.begin(), knots_.end(), since_start,
                       [](herd::Duration time, const TrackPoint& knot) { return time < knot.at; });
  if (after == knots_.begin()) return knots_.front().point;
  const TrackPoint& before = *std::prev(after);
  if (after == knots_.end()) return before.point;
  return herd::interpolate(before.point, after->point,
                           seconds(since_start - before.at) / seconds(after->at - before.at));
}

std::vector<TrackPoint> Track::knots(herd::Duration until) const {
  std::vector<TrackPoint> out;
  for (double round = 0;; ++round) {
    const herd::Duration begins = from_seconds(round * period_s_);
    for (const TrackPoint& knot : knots_) {
      if (begins + knot.at > until) return out;
      // The first knot of a round is the last one of the round before.
      if (round == 0 || &knot != &knots_.front()) out.push_back({begins + knot.at, knot.point});
    }
    if (period_s_ == 0) return out;
  }
}

}  // namespace sim
