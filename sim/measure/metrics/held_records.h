// Which accepted update each server holds in the end, by the servers' own records: every one is
// looked at, but what it says is judged once for all servers that share it in memory. Costs 4 bytes
// for each server and each client of whom an update was accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/measure/metrics/herd_outcome.h"
#include "sim/measure/metrics/recorder_logs.h"

namespace sim {

// Sentences about what is wrong: how many there are, and the first hundred.
struct Complaints {
  std::uint64_t count = 0;
  std::vector<std::string> sentences;
};

class HeldRecords {
 public:
  // By subject, its accepted updates, from the oldest to the newest in the herd's own order.
  using History = std::vector<std::vector<std::uint32_t>>;

  // Of no subjects.
  HeldRecords() = default;
  HeldRecords(const HerdOutcome& outcome, const History& history);

  // By server: the place in history[subject] of what it holds; kNoIndex where it holds nothing of
  // that client. Empty where nothing of that client was ever accepted.
  std::span<const std::uint32_t> of(std::uint32_t subject) const {
    const std::uint32_t row = rows_[subject];
    if (row == kNoIndex) return {};
    return std::span(places_).subspan(row * servers_, servers_);
  }
  // The records that no server ever accepted of a client.
  const Complaints& foreign() const { return foreign_; }
  // The records of one update that do not read the same everywhere.
  const Complaints& altered() const { return altered_; }

 private:
  std::size_t servers_ = 0;
  std::vector<std::uint32_t> rows_;    // by subject: its row of places_
  std::vector<std::uint32_t> places_;  // by row and server
  Complaints foreign_, altered_;
};

}  // namespace sim
