// Which update each server holds of each client, and for clients that move when the servers that
// they move to came to hold it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "sim/metrics/recorder_logs.h"
#include "sim/plan/plan.h"

namespace sim {

// An update, and the links that it crossed to get to whoever holds it.
struct Holding {
  std::uint32_t update = kNoIndex;  // a place in Recorder::accepted()
  std::uint32_t hops = 0;
};

// A server came to hold an update of a client that may come to that server; or it lost all that it
// held.
struct HoldingLog {
  herd::Instant at;
  std::uint32_t server = 0;
  std::uint32_t update = kNoIndex;  // a place in Recorder::accepted(); kNoIndex: it lost its memory
};

class Holdings {
 public:
  Holdings(const Plan& plan, std::size_t servers);

  // `subject`: a place in Recorder::subjects().
  Holding of(herd::ServerId server, std::uint32_t subject) const;
  void set(herd::ServerId server, std::uint32_t subject, Holding holding, herd::Instant now);
  // The server has lost its memory.
  void forget(herd::ServerId server, herd::Instant now);

  // In the order in which it happened.
  const std::deque<HoldingLog>& log() const { return log_; }

 private:
  std::vector<std::vector<Holding>> held_;       // by server and subject
  std::vector<std::vector<bool>> destinations_;  // by client and server
  std::deque<HoldingLog> log_;                   // grows without moving what is there
};

}  // namespace sim
