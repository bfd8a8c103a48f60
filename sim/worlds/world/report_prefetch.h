// Receives which reports are about to arrive in a herd that is too large for the processor's
// caches. For an observer that keeps an account of every report.
#pragma once

#include "core/ids.h"

namespace sim {

class ReportPrefetch {
 public:
  virtual ~ReportPrefetch() = default;
  // Prefetches memory that counting a report at `server`, on the link from this neighbour, will
  // need. `step` counts up from 0 while the report comes closer; each step may read what the step
  // before it prefetched. Has no other effect.
  virtual void prefetch_report(herd::ServerId server, herd::NeighborId from, int step) const = 0;
};

}  // namespace sim
