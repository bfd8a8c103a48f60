// Finds the record whose AT line is, byte for byte, a line that came on a link. Most lines that a
// flood brings repeat one that was taken shortly before, and servers pass lines on unchanged: such
// a line is a duplicate, and need not be parsed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/record_store.h"
#include "core/scan.h"

namespace herd {

// Remembers the places of the last few hundred records that were taken. A line that is forgotten,
// or whose record is newer by now, is not found: it is parsed as others are.
class RecentLines {
 public:
  RecentLines() { places_.fill(RecordStore::kNoPlace); }

  // The store holds the line's record at this place.
  void add(std::string_view line, std::uint32_t place) {
    if (line.size() >= kTail) places_[slot_of(line)] = place;
  }
  // Returns the record, valid until the store's next offer; nullptr if it is not found.
  const Record* find(const RecordStore& store, std::string_view line) const {
    if (line.size() < kTail) return nullptr;
    const std::uint32_t place = places_[slot_of(line)];
    if (place >= store.size()) return nullptr;
    const Record& record = store.at(place);
    return record.line() == line ? &record : nullptr;
  }

 private:
  // The end of a line is its report's time and a part of its location. AT lines have as many bytes.
  static constexpr std::size_t kTail = 16;
  static constexpr std::size_t kBits = 9;

  static std::size_t slot_of(std::string_view line) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    const char* const end = line.data() + line.size();
    const std::uint64_t hash = (load8(end - 8) * kOdd ^ load8(end - 16)) * kOdd;
    return static_cast<std::size_t>(hash >> (64 - kBits));
  }

  std::array<std::uint32_t, std::size_t{1} << kBits> places_;
};

}  // namespace herd
