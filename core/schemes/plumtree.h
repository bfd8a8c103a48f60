// `plumtree`: servers send a record along a tree that they find by themselves, and announce it on
// all other links. A first flood shows each server which of its links bring what it has already; it
// prunes these. A server that is told of a record which does not come grafts a link to the tree and
// asks for the record. (J. Leitão, J. Pereira and L. Rodrigues: Epidemic Broadcast Trees, 2007.)
//
// `trees` by `origin` (the default): a tree for each origin, the AT line's server. It is directed:
// a server keeps its parent, the neighbour that first sent it a record of the origin, and prunes
// all others that send it some. If a record came from another neighbour, and the parent has not
// sent it within `graft_timeout`, that neighbour becomes the parent. `shared`: one tree for all, in
// both directions, as in the paper: who sends news is in the tree, who sends what is held is not.
//
//     TREE HAVE  root 1*entry     ; the sender holds these records, and does not send them to you
//     TREE GRAFT root *hash       ; send me what comes of this root; now what you hold of these,
//                                 ; unless you have sent it to me, or I to you
//     TREE PRUNE root             ; only announce to me what comes of this root
//     root = name / "*"           ; the origin; "*": the tree that all share
//
// core/record_entry.h defines entries and hashes. A record that was announced is missing until it
// comes, and its server asks its announcers for it one after the other: at once if it has no
// parent, else `graft_timeout` later; the next one `graft_retry` later.
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
std::unique_ptr<Propagator> make_plumtree(const Scheme& scheme, PropagatorHost& host);

inline constexpr std::array<std::string_view, 1> kPlumtreeWords{"TREE"};
inline constexpr std::array<std::string_view, 2> kPlumtreeTrees{"origin", "shared"};
inline constexpr std::array<SchemeParameter, 4> kPlumtreeParameters{{
    {"trees", SchemeParameter::Kind::kChoice, 0, 1, 0, kPlumtreeTrees,
     "Whether each origin has its own tree, or all share one."},
    {"announce",
     SchemeParameter::Kind::kDuration,
     0,
     Duration(std::chrono::hours(1)).count(),
     Duration(std::chrono::milliseconds(5)).count(),
     {},
     "How long a server collects announcements before it sends them."},
    {"graft_timeout",
     SchemeParameter::Kind::kDuration,
     0,
     Duration(std::chrono::hours(1)).count(),
     SchemeParameter::kDerived,
     {},
     "How long a server waits for an announced record before it asks for it; if it is not given, "
     "with trees by origin 4 times the longest latency of the herd's links, twice `announce` and "
     "10 ms; with a shared tree the longest latency times twice the herd's diameter in links, "
     "and 10 ms."},
    {"graft_retry",
     SchemeParameter::Kind::kDuration,
     1,
     Duration(std::chrono::hours(1)).count(),
     SchemeParameter::kDerived,
     {},
     "How long a server waits for an answer before it asks the next announcer; if it is not given, "
     "twice the longest latency and 10 ms."},
}};

inline constexpr SchemeInfo kPlumtreeInfo{
    .name = "plumtree",
    .meaning =
        "A server sends a record along a tree that the servers find by themselves, and announces "
        "it on its other links.",
    .relay = SchemeInfo::Relay::kOwn,
    .announces = true,
    .words = kPlumtreeWords,
    .parameters = kPlumtreeParameters,
    .make = make_plumtree,
    // As a flood: each direction of a link carries it once at the most, and none back to where it
    // first came from.
    .bounds = [](const Scheme&,
                 const HerdPart& part) { return UpdateBounds{flood_cost(part).messages}; },
    .learnt =
        [](const Scheme&, const HerdPart& part) {
          return UpdateCost{part.servers - 1, 0, 0};
        },
    .shares = [](const Scheme& scheme) { return scheme.value("trees") == 1; },
};

}  // namespace herd
