// Finds the report of an AT line by its bytes. Servers pass lines on unchanged, so most lines on
// links repeat one that was parsed shortly before, by the server itself or, if several servers on a
// thread share a memo, by another one of them. The server then neither parses the line again nor
// copies its report. Measured: a live herd of five servers on one thread accepts a sixth more
// updates a second.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/scan.h"

namespace herd {

// Remembers the last few thousand reports that were taken: more than clients have in flight, so
// that a line is still known when the last server gets it. Servers that share a memo must have the
// same key for their tables of records, and take the same names of servers.
class LineMemo {
 public:
  // Precondition: a server holds the record, and took its line as right.
  void add(const Record& record) {
    const std::string_view line = record.line();
    if (line.size() < kTail) return;
    if (slots_.empty()) slots_.resize(std::size_t{1} << kBits);
    const std::uint64_t hash = hash_of(line);
    Slot& slot = slots_[hash >> (64 - kBits)];
    slot.hash = hash;
    slot.record = record;
  }
  // Returns the report with exactly this line, valid until the next add(); nullptr if it is not
  // found.
  const KeptReport* find(std::string_view line) const {
    if (line.size() < kTail || slots_.empty()) return nullptr;
    const std::uint64_t hash = hash_of(line);
    const Slot& slot = slots_[hash >> (64 - kBits)];
    if (slot.hash != hash || !slot.record || slot.record->line() != line) return nullptr;
    return slot.record->kept();
  }

 private:
  // The end of a line is its report's time and a part of its location. AT lines have as many bytes.
  static constexpr std::size_t kTail = 16;
  static constexpr std::size_t kBits = 12;

  struct Slot {
    std::uint64_t hash = 0;
    std::optional<Record> record;
  };

  static std::uint64_t hash_of(std::string_view line) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    const char* const end = line.data() + line.size();
    return (load8(end - 8) * kOdd ^ load8(end - 16)) * kOdd;
  }

  std::vector<Slot> slots_;  // none before the first add()
};

}  // namespace herd
