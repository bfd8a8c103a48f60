// Rules of the herd that a test can break on purpose, to test the checkers of these rules. In the
// program no rule is broken: is_broken() is a constant and the compiler removes all calls. Only the
// tests' build with HERD_MUTANTS has its own definition of is_broken().
#pragma once

namespace herd {

enum class Mutation {
  kOlderWins,         // keeps the older of two reports
  kTiesUnresolved,    // keeps the first of two reports of one time to arrive
  kRepairForgotten,   // does not send the last record of a comparison
  kRepairKept,        // accepts a repair but does not relay it
  kAnswerTwice,       // answers an IAMAT twice
  kRefusalSwallowed,  // does not answer a bad command
  kSplitHorizonLost,  // every scheme also sends a report back to its sender
  kNeighborSkipped,   // does not relay to the first neighbour what comes over a link
  kMapNotPassedOn,    // source-tree: does not tell its neighbours what it hears of the map
  kPruneIgnored,      // plumtree: goes on sending to a neighbour that wants announcements
  kGraftIgnored,      // plumtree: does not send the records that a graft asks for
  kParentForgotten,   // plumtree: does not make the neighbour that it grafts its parent
  kBatchTail,         // sends all records of a batch but the last
  kHotForEver,        // gossip: does not let go of a record
  kMeshLeftOut,       // gossipsub: leaves out the last neighbour of its mesh
};

#ifdef HERD_MUTANTS
bool is_broken(Mutation rule);
#else
constexpr bool is_broken(Mutation) { return false; }
#endif

}  // namespace herd
