#include "sim/script/plan/failover.h"

#include <algorithm>
#include <string>

namespace sim {

Failover::Failover(const Plan& plan, std::uint32_t client, std::uint32_t lost, herd::Instant at,
                   std::uint32_t losses)
    : plan_(plan),
      client_(plan.clients[client]),
      lost_(lost),
      at_(at),
      last_(lost),
      random_(plan.seed, "client/" + client_.id + "/on_loss/" + std::to_string(losses)) {}

std::uint32_t Failover::next() {
  const std::uint32_t dial = dials_++;
  if (!client_.on_loss || plan_.servers == 1) return lost_;
  switch (*client_.on_loss) {
    case NextServer::kNext:
      last_ = (last_ + 1) % plan_.servers;
      break;
    case NextServer::kRandom: {
      const auto other = static_cast<std::uint32_t>(random_.below(plan_.servers - 1));
      last_ = other < last_ ? other : other + 1;
      break;
    }
    case NextServer::kNearest: {
      const GeoPoint here = client_.track->at(at_.time_since_epoch());
      if (dial == 0) return last_ = plan_.sites->nearest_but(lost_, here);
      if (ranking_.empty()) {
        ranking_ = plan_.sites->by_distance(here);
        const auto home = std::find(ranking_.begin(), ranking_.end(), lost_);
        std::rotate(home, home + 1, ranking_.end());
      }
      last_ = ranking_[dial % ranking_.size()];
      break;
    }
  }
  return last_;
}

}  // namespace sim
