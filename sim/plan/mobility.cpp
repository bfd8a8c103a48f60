#include "sim/plan/mobility.h"

#include <algorithm>
#include <cmath>

namespace sim {

Track::Track(GeoPoint start, const Mobility& mobility) : start_(start) {
  const auto* way = std::get_if<WaypointMobility>(&mobility);
  if (way == nullptr) return;
  speed_mps_ = way->speed_mps;
  loop_ = way->loop;
  std::vector<GeoPoint> points = way->points;
  if (loop_) points.push_back(start);
  GeoPoint from = start;
  for (const GeoPoint& to : points) {
    const double length = herd::distance_m(from, to);
    if (length > 0) legs_.push_back({length_m_, length, from, to});
    length_m_ += length;
    from = to;
  }
}

GeoPoint Track::at(herd::Duration since_start) const {
  if (legs_.empty()) return start_;
  double gone = speed_mps_ * std::chrono::duration<double>(since_start).count();
  if (loop_) {
    gone = std::fmod(gone, length_m_);
  } else if (gone >= length_m_) {
    return legs_.back().to;
  }
  const auto after = std::upper_bound(legs_.begin(), legs_.end(), gone,
                                      [](double m, const Leg& leg) { return m < leg.begins_m; });
  const Leg& leg = *std::prev(after);
  return herd::interpolate(leg.from, leg.to, (gone - leg.begins_m) / leg.length_m);
}

}  // namespace sim
