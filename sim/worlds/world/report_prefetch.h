// Receives which reports are about to arrive in a herd that is too large for the processor's
// caches. For an observer that keeps an account of every report.
#pragma once

#include <cstdint>

#include "core/ids.h"

namespace sim {

class ReportPrefetch {
 public:
  virtual ~ReportPrefetch() = default;
  // Returns the number of a link's counts at `server`, for the other calls.
  virtual std::uint32_t counts_of(herd::ServerId server, herd::NeighborId from) const = 0;
  // Prefetch memory that counting a report at `server`, in these counts of a link, will need:
  // first what every report needs; then, if it seems to be news to the server, what news need, and
  // what sending them on needs. Each may read what the one before it prefetched. They have no other
  // effect.
  virtual void prefetch_report(herd::ServerId server, std::uint32_t counts) const = 0;
  virtual void prefetch_news(herd::ServerId server, std::uint32_t counts) const = 0;
  virtual void prefetch_sending(herd::ServerId server) const = 0;
};

}  // namespace sim
