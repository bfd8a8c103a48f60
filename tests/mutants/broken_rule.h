// The rule of the herd that is broken now, for a binary whose core was built with HERD_MUTANTS.
#pragma once

#include "core/mutation.h"

namespace herd::test {

// Breaks the rule for all threads until the destructor. Only one may exist at a time.
class BrokenRule {
 public:
  explicit BrokenRule(Mutation rule);
  ~BrokenRule();
  BrokenRule(const BrokenRule&) = delete;
  BrokenRule& operator=(const BrokenRule&) = delete;
};

}  // namespace herd::test
