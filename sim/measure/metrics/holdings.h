// The update that each server holds for each client. For clients that move, also when the servers
// that they move to received each update. Costs 4 bytes for each server and each client that was
// heard of, 8 with hops.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "sim/measure/metrics/destinations.h"
#include "sim/measure/metrics/holding_trail.h"
#include "sim/measure/metrics/rows.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

// An update, and the number of links that it crossed to get to the server that holds it.
struct Holding {
  std::uint32_t update = kNoIndex;  // index into Recorder::accepted()
  std::uint32_t hops = 0;
};

class Holdings {
 public:
  // Without `keep_hops` all hops are 0. Precondition: servers > 0.
  Holdings(const Plan& plan, std::size_t servers, bool keep_hops);

  // `subject` is an index into Recorder::subjects().
  Holding of(herd::ServerId server, std::uint32_t subject) const;
  // Prefetches the cells that of() and set() look up.
  void prefetch(herd::ServerId server, std::uint32_t subject) const;
  // Returns the update that the server held before, or kNoIndex.
  std::uint32_t set(herd::ServerId server, std::uint32_t subject, Holding holding,
                    herd::Instant now);
  // The server has lost its memory.
  void forget(herd::ServerId server, herd::Instant now);

  // In order of time.
  const HoldingTrail& log() const { return log_; }

 private:
  std::uint32_t row_of(std::uint32_t subject) const {
    return subject < rows_.size() ? rows_[subject] : kNoIndex;
  }
  std::uint32_t make_row(std::uint32_t subject);

  // By subject: its row in the tables, whose columns are servers. kNoIndex: no server ever held an
  // update of it. A flood is about one subject, so it stays in one row.
  std::vector<std::uint32_t> rows_;
  Rows<std::uint32_t> updates_;
  std::optional<Rows<std::uint32_t>> hops_;
  Destinations destinations_;
  HoldingTrail log_;
};

}  // namespace sim
