#include "sim/script/mobility/sample_track.h"

namespace sim {

std::vector<TrackPoint> sample_track(const Track& track, herd::Duration every,
                                     herd::Duration until) {
  std::vector<TrackPoint> out;
  const auto sample_at = [&](herd::Duration time) {
    if (out.empty() || out.back().at != time) out.push_back({time, track.at(time)});
  };
  herd::Duration next(0);
  for (const TrackPoint& knot : track.knots(until)) {
    for (; next < knot.at; next += every) sample_at(next);
    out.push_back(knot);
    if (next == knot.at) next += every;
  }
  for (; next < until; next += every) sample_at(next);
  sample_at(until);
  return out;
}

}  // namespace sim
