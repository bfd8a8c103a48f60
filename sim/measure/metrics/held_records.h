// The accepted update that each server holds for each client at the end, according to the servers'
// own records. Every record is checked, but servers that share a record in memory share its check.
// Costs 4 bytes for each server and each client with an accepted update.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder_logs.h"

namespace sim {

// Sentences about wrong records: their number, and the first hundred.
struct Complaints {
  std::uint64_t count = 0;
  std::vector<std::string> sentences;
};

class HeldRecords {
 public:
  // By subject: its accepted updates, from the oldest to the newest in the herd's own order.
  using History = std::vector<std::vector<std::uint32_t>>;

  // For no subjects.
  HeldRecords() = default;
  HeldRecords(const HerdOutcome& outcome, const History& history);

  // Returns, by server, the index in history[subject] of the update that it holds; kNoIndex if it
  // has no record of that client. Empty if no update of that client was ever accepted.
  std::span<const std::uint32_t> of(std::uint32_t subject) const {
    const std::uint32_t row = rows_[subject];
    if (row == kNoIndex) return {};
    return std::span(places_).subspan(row * servers_, servers_);
  }
  // The records that no server ever accepted from a client.
  const Complaints& foreign() const { return foreign_; }
  // The records of one update whose texts differ between servers.
  const Complaints& altered() const { return altered_; }

 private:
  std::size_t servers_ = 0;
  std::vector<std::uint32_t> rows_;    // by subject: its row in places_
  std::vector<std::uint32_t> places_;  // by row and server
  Complaints foreign_, altered_;
};

}  // namespace sim
