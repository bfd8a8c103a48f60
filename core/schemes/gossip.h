// `gossip`: a server sends a new record to a few neighbours drawn at random, and they do the same.
// Nobody knows whether all have it; with `pull`, neighbours compare their records from time to
// time. (A. Demers et al.: Epidemic Algorithms for Replicated Database Maintenance, 1987.)
//
// Without `every`, a server sends each record once, when it accepts it. With `every`, it keeps the
// record hot, and sends all hot records to `fanout` neighbours in each round, at a phase of its
// own, until the record cools by `stop`: after a number of `rounds`; after `feedback` of so many
// neighbours that held it already; or, by `swim`, after so many times the number of decimal digits
// of the herd's size (hashicorp/memberlist's RetransmitMult). A record also cools if there is
// nobody but its sender to send it to.
//
//     HELD = "HELD" 1*entry     ; with feedback only: the sender held these already
//
// core/record_entry.h defines entries.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/propagation.h"
#include "core/schemes/propagator.h"

namespace herd {

// Precondition: the host has a map.
std::unique_ptr<Propagator> make_gossip(const Scheme& scheme, PropagatorHost& host);

inline constexpr std::array<std::string_view, 1> kGossipWords{"HELD"};
inline constexpr std::array<std::string_view, 3> kGossipStops{"rounds", "feedback", "swim"};
inline constexpr std::array<std::string_view, 3> kGossipCounts{
    "The rounds in which a server sends a record.",
    "The neighbours that held a record already, by which the server stops sending it.",
    "The times that a server sends a record, for each digit of the herd's size."};
inline constexpr std::array<SchemeParameter, 4> kGossipParameters{{
    {"fanout",
     SchemeParameter::Kind::kWhole,
     1,
     1'000,
     3,
     {},
     "The number of neighbours that a server sends a record to at a time."},
    {"every",
     SchemeParameter::Kind::kDuration,
     0,
     Duration(std::chrono::hours(1)).count(),
     0,
     {},
     "The time between two rounds of a server; 0s: it sends each record once, at once."},
    {"stop", SchemeParameter::Kind::kCounted, 1, 1'000, SchemeParameter::counted(0, 1),
     kGossipStops, "When a server stops sending a record in its rounds.", kGossipCounts},
    {"pull",
     SchemeParameter::Kind::kDuration,
     Duration(std::chrono::milliseconds(1)).count(),
     Duration(std::chrono::hours(1)).count(),
     SchemeParameter::kNever,
     {},
     "The time between two comparisons of a server with a neighbour, each in turn in an order "
     "drawn at random."},
}};

inline constexpr SchemeInfo kGossipInfo{
    .name = "gossip",
    .meaning =
        "A server sends a record to a few neighbours drawn at random, and they do the same: not "
        "every server is sure to get it.",
    .relay = SchemeInfo::Relay::kOwn,
    .words = kGossipWords,
    .parameters = kGossipParameters,
    .make = make_gossip,
    .bounds =
        [](const Scheme& scheme, const HerdPart& part) {
          const auto fanout = static_cast<std::uint64_t>(scheme.value("fanout"));
          UpdateBounds bounds{std::min(fanout * part.servers, 2 * part.links)};
          // With rounds, how often a record is sent depends on when it cools.
          if (scheme.value("every") > 0) bounds.most_messages = UpdateBounds::kAny;
          bounds.covers = scheme.value("pull") != SchemeParameter::kNever;
          return bounds;
        },
    .conflict = [](const Scheme& scheme, Recovery recovery) -> std::string_view {
      const std::int64_t every = scheme.value("every");
      if (every > 0 && Duration(every) < std::chrono::milliseconds(1)) {
        return "has rounds less than a millisecond apart: give \"every\" 0s, or 1ms and more";
      }
      if (scheme.value("every") == 0 && scheme.value("stop") != kGossipParameters[2].initial) {
        return "has \"stop\", which is for rounds: give \"every\" too";
      }
      if (scheme.value("pull") != SchemeParameter::kNever && recovery == Recovery::kNone) {
        return "has \"pull\", which compares records: give \"recovery\": \"sync\" too";
      }
      return {};
    },
};

}  // namespace herd
