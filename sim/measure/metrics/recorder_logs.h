// The data that the Recorder keeps of a herd. Times are the world's own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "core/tree_edge.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

using herd::Duration;

// An update that a server accepted, and the counts of its flood.
struct AcceptedUpdate {
  herd::Instant accepted;
  herd::Instant last_delivery;
  herd::PosixNs time_ns = 0;
  std::size_t location_hash = 0;
  std::uint32_t subject = 0;  // index into Recorder::subjects()
  std::uint32_t server = 0;   // its origin
  std::uint32_t reached = 1;  // servers that applied it, including the origin
  std::uint32_t messages = 0, duplicates = 0, echoes = 0, stale = 0, lost = 0;
  std::uint32_t topology = 0;   // the links' state at acceptance: Recorder::topologies()
  std::uint32_t hops : 28 = 0;  // of the delivery that took the most, as far as known
  // At some moment of its flood a link was down, or lost it, or servers routed by different maps.
  bool met_fault : 1 = false;
  // A link went up or down during its flood, or it was sent as a repair.
  bool met_change : 1 = false;
  bool undated : 1 = false;  // it was accepted before `accepted`: no latency of it is known
  bool coverage_undated : 1 = false;  // the time of one of its deliveries is not known

  // Returns its coverage if it reached every server.
  std::optional<Duration> coverage() const {
    return undated || coverage_undated ? std::nullopt : std::optional(last_delivery - accepted);
  }
};

struct SupersededUpdate {
  bool refused = false;  // because its time is too far ahead; else it was not newer
  herd::PosixNs time_ns = 0;
  std::size_t location_hash = 0;
  std::uint32_t subject = 0;
  std::uint32_t server = 0;
};

// Reports that were further ahead of their server's clock than herd::kFarAhead, or than the herd
// allows.
struct AheadReports {
  std::uint64_t clients = 0;  // that made one that was accepted
  std::uint64_t refused = 0;  // reports that the herd does not allow
  // The first one.
  std::uint32_t subject = 0;
  std::uint32_t server = 0;
  herd::PosixNs time_ns = 0, clock_ns = 0;
};

struct DeliveryLog {
  std::uint32_t update = 0;  // index into Recorder::accepted()
  std::uint32_t server = 0;
  std::uint32_t from = 0;  // kNoIndex: not known, and then `hops` is not known either
  std::uint32_t hops = 0;
  std::optional<Duration> latency;  // nullopt: not known
};

// A message that never came to its receiver, or an update that never became a message to it.
enum class MissedWhy : std::uint8_t {
  kLost,      // the link or the receiver went down
  kInFlight,  // it was still on the link when the run ended
  kDropped,   // the queue of the link was full
};
struct MissedMessage {
  std::uint32_t update = 0;  // index into Recorder::accepted()
  std::uint32_t server = 0;  // the receiver
  MissedWhy why = MissedWhy::kLost;
};

// A change of a link's state, reported once for both endpoints.
enum class LinkState {
  kDown,          // it was up before
  kUp,            // the handshake is complete at both endpoints
  kSynchronized,  // each endpoint has sent the other all that it lacked
};
struct LinkChange {
  herd::Instant at;
  std::uint32_t link = 0;
  LinkState state = LinkState::kDown;
};

// A server died, or came back.
struct ServerChange {
  herd::Instant at;
  std::uint32_t server = 0;
  bool up = false;
};

// A server routes by another map.
struct MapChange {
  herd::Instant at;
  std::uint32_t server = 0;
  std::uint64_t map = 0;
};
// What a link is in a tree has changed for one of its servers.
struct TreeChange {
  herd::Instant at;
  std::uint32_t server = 0, neighbor = 0;
  std::uint32_t root = 0;  // index into HerdSpec::servers; kNoIndex: the only one
  herd::TreeEdge edge = herd::TreeEdge::kSends;
};

// Returns the hash by which the logs identify a location.
inline std::size_t hash_location(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

struct DirectionCounts {
  std::uint64_t messages = 0, duplicates = 0, echoes = 0, lost = 0, drops = 0;
  std::uint64_t repairs = 0;        // messages sent because the other endpoint lacked the record
  std::uint64_t summary_bytes = 0;  // of lines sent to find out which records are lacking
  std::uint64_t control_lines = 0, control_bytes = 0;  // the propagation scheme's own
  std::uint64_t in_batches = 0, batches = 0;  // messages in lines of several, and these lines
  // Records that waited to be sent, and were not: see herd::Observer.
  std::uint64_t replaced = 0, suppressed = 0, dropped = 0;
};

struct ServerCounts {
  std::uint64_t accepted = 0, messages_in = 0, messages_out = 0, duplicates_in = 0,
                invalid_lines = 0, queries = 0;
  std::uint64_t deliveries_again = 0;  // updates applied again after a restart
  std::uint64_t restarts = 0;
};

}  // namespace sim
