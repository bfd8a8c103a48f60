// When servers received which updates, for the clients that move: a list that is only added to and
// read from its beginning, in a few bytes an entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "core/time.h"
#include "sim/measure/metrics/rows.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

// A server received an update of a client that may move to that server, or lost all its records.
struct HoldingLog {
  herd::Instant at;
  std::uint32_t server = 0;
  std::uint32_t update = kNoIndex;  // index into Recorder::accepted(); kNoIndex: it lost its memory
};

class HoldingTrail {
 public:
  // Precondition: servers > 0.
  explicit HoldingTrail(std::size_t servers) : servers_(servers), bytes_(1) {}

  // Precondition: entry.server < servers.
  void add(const HoldingLog& entry);

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = HoldingLog;
    using difference_type = std::ptrdiff_t;
    using pointer = const HoldingLog*;
    using reference = const HoldingLog&;

    Iterator(const HoldingTrail& trail, std::uint32_t at) : trail_(&trail), next_(at) { read(); }
    const HoldingLog& operator*() const { return entry_; }
    Iterator& operator++() {
      read();
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    void read();
    std::uint64_t number();

    const HoldingTrail* trail_;
    std::uint32_t at_ = 0, next_;  // the first byte of this entry and of the next
    std::int64_t last_update_ = 0;
    HoldingLog entry_;
  };
  // Returns the size of all entries in memory.
  std::size_t bytes() const { return bytes_.size(); }

  // In the order in which they were added.
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, bytes_.size()}; }

 private:
  void put(std::uint64_t number);

  std::size_t servers_;
  // For each entry two numbers, seven bits a byte: how its update differs from the last one, joined
  // to its server, and how long after the last entry it came.
  Rows<std::uint8_t> bytes_;
  std::int64_t last_update_ = 0;
  herd::Instant last_at_;
};

}  // namespace sim
