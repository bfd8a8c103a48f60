// The exit statuses of the program. They are part of its contract: scripts depend on them.
#pragma once

#include <array>
#include <string_view>

namespace sim {

enum ExitStatus : int {
  kDone = 0,           // the command is done, and every expectation holds
  kNotHeld = 1,        // the command is done, but an expectation or a gate does not hold
  kBadUsage = 2,       // the command line or a scenario is wrong, and nothing was run
  kNotCarriedOut = 3,  // the command failed: a port is taken, a file cannot be written …
  kInterrupted = 130,  // a signal ended the run early; what was measured until then is written
};

struct StatusMeaning {
  int status;
  std::string_view meaning;
};

// The same for people, as the help and the manual page say it.
inline constexpr auto kStatusMeanings = std::to_array<StatusMeaning>({
    {kDone, "done, and every expectation holds"},
    {kNotHeld,
     "done, but an expectation does not hold, a compared figure is worse, or a tried herd breaks a "
     "rule"},
    {kBadUsage, "wrong usage or a wrong scenario, nothing was run"},
    {kNotCarriedOut, "could not be carried out"},
    {kInterrupted, "interrupted, and what was measured is written"},
});

}  // namespace sim
