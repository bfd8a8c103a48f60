// `gossipsub`: servers send records to a few of their neighbours, the mesh, and tell some of the
// others from time to time what they hold. (libp2p's publish and subscribe: the specifications of
// gossipsub v1.0 to v1.2, D. Vyzovitis et al., and the draft of v2.0.)
//
// A server's heartbeat comes every `heartbeat`, at a phase of its own. If the mesh has fewer than
// `low` neighbours, the server grafts others, drawn at random, until there are `degree`; if it has
// more than `high`, it prunes some down to `degree`. Then it tells `lazy` neighbours outside the
// mesh, drawn at random, of the records that it took in the last `gossip` heartbeats. A neighbour
// that was pruned, by either end, is not grafted again before `backoff` has passed. A server with
// at most `low` neighbours grafts each as its link comes up. Until its first heartbeat a server
// sends to all neighbours. With `flood_publish` it does so with what its own clients report.
//
//     MESH GRAFT           ; we are in each other's mesh from now on
//     MESH PRUNE           ; we are not
//     MESH HAVE 1*entry    ; I hold these: a heartbeat's
//     MESH TELL 1*entry    ; I have just taken this, and do not send it: see `announce`
//     MESH WANT 1*hash     ; send me what you hold of these clients
//     MESH DONT 1*entry    ; do not send me this, I hold it: see `idontwant`
//
// core/record_entry.h defines entries and hashes. A server asks the first who told it of a record
// that it does not hold, and the next one half a heartbeat later. It is answered if the record was
// taken in the last `history` heartbeats. With `announce`, a server sends TELL in place of a record
// to this share of its mesh, drawn anew each time. With `idontwant`, a server that takes a record
// from a neighbour says DONT to the rest of its mesh before it sends the record.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/propagation.h"
#include "core/schemes/propagator.h"

namespace herd {

std::unique_ptr<Propagator> make_gossipsub(const Scheme& scheme, PropagatorHost& host);

inline constexpr std::array<std::string_view, 1> kGossipsubWords{"MESH"};
inline constexpr std::array<SchemeParameter, 11> kGossipsubParameters = [] {
  using enum SchemeParameter::Kind;
  constexpr std::int64_t kMillisecond = Duration(std::chrono::milliseconds(1)).count();
  constexpr std::int64_t kHour = Duration(std::chrono::hours(1)).count();
  return std::array<SchemeParameter, 11>{{
      {"degree", kWhole, 1, 1'000, 6, {}, "The neighbours of a mesh that was grafted or pruned."},
      {"low", kWhole, 0, 1'000, 4, {}, "A mesh with fewer neighbours grafts some."},
      {"high", kWhole, 1, 1'000, 12, {}, "A mesh with more neighbours prunes some."},
      {"lazy", kWhole, 0, 1'000, 6, {}, "The neighbours outside the mesh that a heartbeat tells."},
      {"heartbeat",
       kDuration,
       kMillisecond,
       kHour,
       1'000 * kMillisecond,
       {},
       "The time between two heartbeats of a server."},
      {"history",
       kWhole,
       1,
       1'000,
       5,
       {},
       "The heartbeats for which a server answers who asks for a record."},
      {"gossip", kWhole, 1, 1'000, 3, {}, "The heartbeats in which a server tells of a record."},
      {"announce",
       kShare,
       0,
       1'000'000,
       0,
       {},
       "The share of sendings in whose place a server only tells of the record."},
      {"idontwant",
       kFlag,
       0,
       1,
       0,
       {},
       "Whether a server tells its mesh of a record that it need not be sent."},
      {"backoff",
       kDuration,
       0,
       kHour,
       60'000 * kMillisecond,
       {},
       "The time after a prune in which neither end grafts the other."},
      {"flood_publish",
       kFlag,
       0,
       1,
       0,
       {},
       "Whether a server sends what its own clients report to all neighbours."},
  }};
}();

inline constexpr SchemeInfo kGossipsubInfo{
    .name = "gossipsub",
    .meaning =
        "A server sends a record to a few neighbours, its mesh, and tells some others from time to "
        "time what it holds.",
    .relay = SchemeInfo::Relay::kOwn,
    .announces = true,
    .words = kGossipsubWords,
    .parameters = kGossipsubParameters,
    .make = make_gossipsub,
    .bounds =
        [](const Scheme& scheme, const HerdPart& part) {
          const auto low = static_cast<std::uint64_t>(scheme.value("low"));
          // A server that asks for a record gets the newest of its client, perhaps several times.
          if (part.most_neighbors > low || scheme.value("announce") > 0) {
            return UpdateBounds{UpdateBounds::kAny, false};
          }
          // All neighbours are in the mesh.
          UpdateBounds flood = UpdateBounds::of(flood_cost(part));
          if (scheme.flag("idontwant")) flood.exact.reset();
          return flood;
        },
    .conflict = [](const Scheme& scheme, Recovery) -> std::string_view {
      const std::int64_t degree = scheme.value("degree");
      if (scheme.value("low") > degree || degree > scheme.value("high")) {
        return "has a mesh that never settles: \"low\" <= \"degree\" <= \"high\"";
      }
      if (scheme.value("gossip") > scheme.value("history")) {
        return "tells of records that it does not send any more: \"gossip\" <= \"history\"";
      }
      return {};
    },
};

}  // namespace herd
