#include "sim/script/plan/handover_plan.h"

#include <variant>

#include "core/random.h"
#include "sim/script/plan/schedule_times.h"

namespace sim {
namespace {

using herd::Instant;

class HandoverPlanner {
 public:
  HandoverPlanner(const HandoverClient& client, const HandoverHerd& herd, std::uint64_t seed,
                  Duration duration)
      : client_(client),
        herd_(herd),
        handover_(client.group.handover),
        seed_(seed),
        duration_(duration),
        server_(client.first_server),
        target_(seed, "client/" + client.id + "/handover/to") {}

  std::vector<PlannedMove> make() {
    if (std::holds_alternative<NearestServer>(client_.group.server)) {
      keep_nearest();
    } else if (handover_.times) {
      move_at_times(*handover_.times);
    }
    return std::move(moves_);
  }

 private:
  void keep_nearest() {
    Duration at = fraction_of(handover_.check, client_.member, client_.group.count);
    for (; at < duration_; at += handover_.check) {
      follow_script(Instant(at));
      const GeoPoint here = client_.track.at(at);
      const std::uint32_t nearest = herd_.sites->nearest(here);
      if (nearest == server_) continue;
      const double nearer_by =
          herd_.sites->distance_m(server_, here) - herd_.sites->distance_m(nearest, here);
      if (nearer_by > handover_.hysteresis_m) move(Instant(at), nearest);
    }
  }

  void move_at_times(const UpdateSchedule& schedule) {
    ScheduleTimes times(schedule, client_.member, client_.group.count,
                        herd::Random(seed_, "client/" + client_.id + "/handover"));
    for (auto at = times.next(); at && *at < duration_; at = times.next()) {
      if (*at == Duration(0)) continue;  // the first member has only just connected
      follow_script(Instant(*at));
      move(Instant(*at), next_server(*at));
    }
  }

  std::uint32_t next_server(Duration at) {
    switch (handover_.to) {
      case NextServer::kNext:
        break;
      case NextServer::kRandom: {
        const auto other = static_cast<std::uint32_t>(target_.below(herd_.servers - 1));
        return other < server_ ? other : other + 1;
      }
      case NextServer::kNearest:
        return herd_.sites->nearest_but(server_, client_.track.at(at));
    }
    return (server_ + 1) % herd_.servers;
  }

  // Applies the script's moves up to and including `at`.
  void follow_script(Instant at) {
    for (; scripted_done_ < client_.scripted.size() && client_.scripted[scripted_done_].at <= at;
         ++scripted_done_) {
      server_ = client_.scripted[scripted_done_].to;
    }
  }

  void move(Instant at, std::uint32_t to) {
    moves_.push_back({at, to});
    server_ = to;
  }

  const HandoverClient& client_;
  const HandoverHerd& herd_;
  const Handover& handover_;
  std::uint64_t seed_;
  Duration duration_;
  std::uint32_t server_;  // the client's server by plan
  herd::Random target_;
  std::size_t scripted_done_ = 0;
  std::vector<PlannedMove> moves_;
};

}  // namespace

std::vector<PlannedMove> plan_handovers(const HandoverClient& client, const HandoverHerd& herd,
                                        std::uint64_t seed, Duration duration) {
  return HandoverPlanner(client, herd, seed, duration).make();
}

}  // namespace sim
