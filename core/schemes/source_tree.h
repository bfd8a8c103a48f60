// `source-tree`: every server knows the map of the herd, and sends a record along the shortest-path
// tree whose root is the record's origin. An update takes N - 1 messages, and each server has it
// after the shortest path from the origin.
//
// Servers tell each other which links are down:
//
//     MAP = "MAP" name seq *name     ; of the server `name`: the neighbours its links to whom are
//     down
//
// `seq` counts a server's changes. A MAP with a greater number replaces what is known of the
// server; one with the same number adds to it, so that a long list may take several lines; a
// smaller one is answered by what is known. A server sends on to all other neighbours what is new
// in it. A herd that starts whole says nothing. (Link-state routing with trees on demand: J. Moy,
// RFC 1584.)
//
// If a change makes a neighbour the next on the way from an origin, the server compares its records
// with that neighbour, once it has told it the change: the comparison finds what the server took
// before, and what it takes later it sends. It is the sender that compares: a receiver may hear of
// two changes in another order, and never learn that its sender left it out for a while. Without
// recovery a server floods for `settle` after each change of the map. With recovery a change takes
// effect at once, but not while others have just come: then it waits for two latencies without one.
// A record that comes from another neighbour than the one before the server in the tree is passed
// on by flooding too.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "core/propagation.h"
#include "core/schemes/propagator.h"

namespace herd {

// Precondition: the host has a map, and its server and all neighbours are in it.
std::unique_ptr<Propagator> make_source_tree(const Scheme& scheme, PropagatorHost& host);

inline constexpr std::array<std::string_view, 1> kSourceTreeWords{"MAP"};
inline constexpr std::array<std::string_view, 2> kSourceTreeCosts{"hops", "latency"};
inline constexpr std::array<SchemeParameter, 2> kSourceTreeParameters{{
    {"cost", SchemeParameter::Kind::kChoice, 0, 1, 0, kSourceTreeCosts,
     "What a shortest path is: that of the fewest links, or of the least latency by the scenario."},
    {"settle",
     SchemeParameter::Kind::kDuration,
     0,
     Duration(std::chrono::hours(1)).count(),
     SchemeParameter::kDerived,
     {},
     "Without recovery, how long a server floods after each change of the map; if it is not given, "
     "twice as long as the longest path can take."},
}};

inline constexpr SchemeInfo kSourceTreeInfo{
    .name = "source-tree",
    .meaning =
        "A server sends a record along the shortest-path tree from the record's origin, by a map "
        "of "
        "the herd that the servers keep up to date.",
    .relay = SchemeInfo::Relay::kOwn,
    .uses_map = true,
    .words = kSourceTreeWords,
    .parameters = kSourceTreeParameters,
    .make = make_source_tree,
    .bounds =
        [](const Scheme&, const HerdPart& part) {
          return UpdateBounds::of({part.servers - 1, 0, 0});
        },
};

}  // namespace herd
