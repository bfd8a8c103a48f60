// For whoever keeps an account of every report in a herd too large for the caches: is told which
// reports are about to arrive.
#pragma once

#include "core/ids.h"

namespace sim {

class ReportForesight {
 public:
  virtual ~ReportForesight() = default;
  // A report will come to `server` on the link from its neighbour in a while, the sooner the
  // greater `step` is: time to begin fetching the memory that its account is kept in, of which each
  // step may use what the one before fetched. Changes nothing.
  virtual void report_coming(herd::ServerId server, herd::NeighborId from, int step) const = 0;
};

}  // namespace sim
