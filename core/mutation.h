// A seam for tests: rules of the herd that can be broken on purpose, so that those who watch over
// them can be tested. In the program none is: the question is a constant, and nothing is left of
// it. Only a build with HERD_MUTANTS, that of those tests, has another answer, which they define.
#pragma once

namespace herd {

enum class Mutation {
  kOlderWins,         // of two reports the older one is kept
  kTiesUnresolved,    // of two reports of one time the first to come is kept
  kRepairForgotten,   // the last record that a comparison is to send is not sent
  kRepairKept,        // a repair is taken and not passed on
  kAnswerTwice,       // an IAMAT is answered twice
  kRefusalSwallowed,  // a bad command is not answered
  kSplitHorizonLost,  // every scheme sends a report back to where it came from
  kNeighborSkipped,   // what comes over a link is not sent on to the first neighbour
};

#ifdef HERD_MUTANTS
bool is_broken(Mutation rule);
#else
constexpr bool is_broken(Mutation) { return false; }
#endif

}  // namespace herd
