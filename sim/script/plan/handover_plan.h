// When a client leaves its server for another by plan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/script/mobility/track.h"
#include "sim/script/plan/server_sites.h"
#include "sim/script/spec/client_group.h"

namespace sim {

struct PlannedMove {
  herd::Instant at;
  std::uint32_t to = 0;  // a place in HerdSpec::servers
};

// A client, and the herd that it moves in.
struct HandoverClient {
  const ClientGroup& group;
  std::uint32_t member = 0;  // in [0, group.count)
  const std::string& id;
  const Track& track;
  std::uint32_t first_server = 0;
  // The script's own moves of it, in order of time. A handover goes on from where they leave it.
  const std::vector<PlannedMove>& scripted;
};
struct HandoverHerd {
  std::uint32_t servers = 0;           // how many
  const ServerSites* sites = nullptr;  // where the group's handover looks for the nearest
};

// The moves besides the script's, in order of time, after time zero (but for a client that keeps to
// the nearest and is sent away then) and before `duration`. None leads to where the client is
// already; at one instant the script's come first.
std::vector<PlannedMove> plan_handovers(const HandoverClient& client, const HandoverHerd& herd,
                                        std::uint64_t seed, Duration duration);

}  // namespace sim
