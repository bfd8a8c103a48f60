// Where a client goes whose server is gone, as its group's `on_loss` says.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/plan/plan.h"

namespace sim {

// From when a client's connection was lost until it has another. What it says depends on nothing
// but the plan and what is handed in: the same losses lead to the same servers.
class Failover {
 public:
  // `client` (a place in Plan::clients) was connected to `lost`, or was to be at first, until `at`,
  // having lost `losses` connections before. The plan must outlive this.
  Failover(const Plan& plan, std::uint32_t client, std::uint32_t lost, herd::Instant at,
           std::uint32_t losses);

  // The server to dial first, and after each that cannot be reached: `lost` again and again where
  // the group says no more; the next ones in the herd's list, round and round; another than the
  // last one, drawn; or the others by their distance from where the client was, `lost` behind
  // them, and so on. A herd of one server has just that.
  std::uint32_t next();

 private:
  const Plan& plan_;
  const PlannedClient& client_;
  std::uint32_t lost_;
  herd::Instant at_;
  std::uint32_t last_;  // dialled, or lost
  std::uint32_t dials_ = 0;
  herd::Random random_;
  std::vector<std::uint32_t> ranking_;  // made when it is needed
};

}  // namespace sim
