// The rule of the herd that is broken at the moment, for a binary whose core was built with
// HERD_MUTANTS.
#pragma once

#include "core/mutation.h"

namespace herd::test {

// While it lives that rule is broken, for all threads. One at a time.
class BrokenRule {
 public:
  explicit BrokenRule(Mutation rule);
  ~BrokenRule();
  BrokenRule(const BrokenRule&) = delete;
  BrokenRule& operator=(const BrokenRule&) = delete;
};

}  // namespace herd::test
