// The choice of one update whose messages a results folder has.
#pragma once

#include <cstdint>
#include <vector>

#include "core/result.h"
#include "sim/app/show/shown_run.h"

namespace sim {

struct ChosenFlood {
  const ShownUpdate* update = nullptr;  // of the herd; never null
  std::vector<ShownMessage> messages;   // as ShownRun::messages() orders them
};

// Returns the flood of the update with that number. Fails if the herd has no such update, or if
// messages.csv has no rows of it.
herd::Result<ChosenFlood, ShowError> choose_flood(const ShownRun& run, const ShownHerd& herd,
                                                  std::uint64_t number);

// Returns the update that took the longest to reach every server, of those that have rows in
// messages.csv; if none of them did, the first that has rows. Null if there is none.
const ShownUpdate* slowest_logged(const ShownHerd& herd);

}  // namespace sim
