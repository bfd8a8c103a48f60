// The planned times at which a client leaves its server for another.
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
  std::uint32_t to = 0;  // index into HerdSpec::servers
};

// A client, and the herd in which it moves.
struct HandoverClient {
  const ClientGroup& group;
  std::uint32_t member = 0;  // in [0, group.count)
  const std::string& id;
  const Track& track;
  std::uint32_t first_server = 0;
  // The script's own moves of this client, in order of time. A handover starts from where they
  // leave it.
  const std::vector<PlannedMove>& scripted;
};
struct HandoverHerd {
  std::uint32_t servers = 0;           // their number
  const ServerSites* sites = nullptr;  // set if the group's handover looks for the nearest server
};

// Returns the moves in addition to the script's, in order of time. All are before `duration` and
// after time zero; only a client that keeps to the nearest server may also move at time zero, if
// the script moves it then. No move leads to the client's current server. At the same time the
// script's moves come first.
std::vector<PlannedMove> plan_handovers(const HandoverClient& client, const HandoverHerd& herd,
                                        std::uint64_t seed, Duration duration);

}  // namespace sim
