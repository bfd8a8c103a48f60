// Receives which reports are about to arrive in a herd that is too large for the processor's
// caches. For an observer that keeps an account of every report.
#pragma once

#include "core/ids.h"

namespace sim {

class ReportPrefetch {
 public:
  virtual ~ReportPrefetch() = default;
  // Prefetch memory that counting a report at `server`, on the link from this neighbour, will need:
  // first what every report needs; then, if it seems to be news to the server, what news need, and
  // what sending them on needs. Each may read what the one before it prefetched. They have no other
  // effect.
  virtual void prefetch_report(herd::ServerId server, herd::NeighborId from) const = 0;
  virtual void prefetch_news(herd::ServerId server, herd::NeighborId from) const = 0;
  virtual void prefetch_sending(herd::ServerId server) const = 0;
};

}  // namespace sim
