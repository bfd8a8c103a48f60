// Chooses where a client goes if it loses its server, by its group's `on_loss`.
#pragma once

#include <cstdint>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/plan/plan.h"

namespace sim {

// Chooses the servers that a client dials from the loss of one connection until it has another. The
// choice depends only on the plan and on the constructor's arguments: the same losses lead to the
// same servers.
class Failover {
 public:
  // `client` is an index into Plan::clients. It was connected to `lost` until `at`, or was to
  // connect to it first. It had lost `losses` connections before. The plan must outlive this
  // object.
  Failover(const Plan& plan, std::uint32_t client, std::uint32_t lost, herd::Instant at,
           std::uint32_t losses);

  // Returns the server to dial first. Each further call returns the server to dial after one that
  // could not be reached. By `on_loss`:
  // - none: `lost` every time;
  // - next: the servers after it in the herd's list, round and round;
  // - random: a drawn server, never the same one twice in a row;
  // - nearest: the other servers by their distance from where the client was at the loss, then
  //   `lost`, and so on.
  //
  // A herd of one server has only that one.
  std::uint32_t next();

 private:
  const Plan& plan_;
  const PlannedClient& client_;
  std::uint32_t lost_;
  herd::Instant at_;
  std::uint32_t last_;  // dialled, or the lost one
  std::uint32_t dials_ = 0;
  herd::Random random_;
  std::vector<std::uint32_t> ranking_;  // made on first use
};

}  // namespace sim
