#include "sim/script/mobility/group_tracks.h"

#include <string>
#include <variant>

#include "core/random.h"
#include "sim/script/mobility/gauss_markov.h"
#include "sim/script/mobility/levy_walk.h"
#include "sim/script/mobility/random_waypoint.h"
#include "sim/script/mobility/waypoints.h"
#include "sim/script/traces/trace_data.h"

namespace sim {
namespace {

class TrackMaker {
 public:
  TrackMaker(const ClientGroup& group, std::uint32_t n, std::uint64_t seed, Duration until)
      : group_(group),
        n_(n),
        id_(group.member_id(n)),
        until_(until),
        random_(seed, "client/" + id_ + "/mobility") {}

  Track operator()(const StillMobility&) const { return Track(group_.start); }
  Track operator()(const WaypointMobility& mobility) const {
    return waypoint_track(mobility, group_.start, until_);
  }
  Track operator()(const RandomWaypointMobility& mobility) {
    return random_waypoint_track(mobility, start(), until_, random_);
  }
  Track operator()(const GaussMarkovMobility& mobility) {
    return gauss_markov_track(mobility, start(), until_, random_);
  }
  Track operator()(const LevyWalkMobility& mobility) {
    return levy_walk_track(mobility, start(), until_, random_);
  }
  Track operator()(const TraceMobility& mobility) const {
    const TraceClient* const own = mobility.data->find(id_);
    return Track((own != nullptr ? *own : mobility.data->clients[n_]).samples);
  }

 private:
  std::optional<GeoPoint> start() const {
    return group_.start_given ? std::optional(group_.start) : std::nullopt;
  }

  const ClientGroup& group_;
  std::uint32_t n_;
  std::string id_;
  Duration until_;
  herd::Random random_;
};

}  // namespace

GroupTracks::GroupTracks(const ClientGroup& group, std::uint64_t seed, Duration until)
    : group_(group),
      seed_(seed),
      until_(until),
      shared_(std::holds_alternative<StillMobility>(group.mobility) ||
              std::holds_alternative<WaypointMobility>(group.mobility)) {}

std::shared_ptr<const Track> GroupTracks::of(std::uint32_t n) {
  if (!shared_) return std::make_shared<const Track>(make(n));
  if (!track_) track_ = std::make_shared<const Track>(make(n));
  return track_;
}

Track GroupTracks::make(std::uint32_t n) const {
  return std::visit(TrackMaker(group_, n, seed_, until_), group_.mobility);
}

}  // namespace sim
