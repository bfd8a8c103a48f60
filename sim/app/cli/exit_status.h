// What the program's exit status says. Part of the contract: people script against it.
#pragma once

namespace sim {

enum ExitStatus : int {
  kDone = 0,           // and every expectation holds
  kNotHeld = 1,        // done, and an expectation does not hold
  kBadUsage = 2,       // or a bad scenario: nothing was run
  kNotCarriedOut = 3,  // a port is taken, a file cannot be written …
  kInterrupted = 130,  // what was measured is written all the same
};

}  // namespace sim
