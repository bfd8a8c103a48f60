// Finds the report of an AT line by its bytes. Servers pass lines on unchanged, so most lines on
// links repeat one that was written or parsed shortly before, by the server itself or, if several
// servers on a thread share a memo, by another one of them. The server then neither parses the line
// nor copies its report.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/prefetch_memory.h"
#include "core/record.h"
#include "core/scan.h"

namespace herd {

// Remembers the last few thousand reports that were taken: more than clients have in flight, so
// that a line is still known when the last server gets it. Servers that share a memo must have the
// same key for their tables of records, and take the same names of servers.
class LineMemo {
 public:
  // Returns true after the first add(). Until then a server need not add the lines that it writes:
  // some worlds pass reports on without their lines.
  bool is_used() const { return !buckets_.empty(); }
  // Precondition: a server holds the record, and wrote its line or took it as right.
  void add(const Record& record) {
    const std::string_view line = record.line();
    if (line.size() < kTail) return;
    if (buckets_.empty()) buckets_.resize(std::size_t{1} << kBucketBits);
    const std::uint32_t place = next_;
    next_ = after(place);
    if (place < reports_.size()) {
      reports_[place] = record;
    } else {
      reports_.push_back(record);
    }
    const Key key = key_of(line);
    Bucket& bucket = buckets_[key.bucket];
    std::copy_backward(bucket.begin(), std::prev(bucket.end()), bucket.end());
    bucket.front() = key.tag | place;
    // The next add() releases the oldest report, which has left the caches meanwhile.
    if (next_ < reports_.size()) prefetch_memory<Access::kWrite>(reports_[next_].kept());
  }
  // A connection's position in the order in which the lines were added. Servers pass lines on in
  // that order, so the line after the one that was found is likely to come next.
  using Position = std::uint32_t;
  // Returns the report with exactly this line, valid until the next add(), and sets `next` to the
  // position behind it; nullptr if it is not found.
  const KeptReport* find(std::string_view line, Position* next = nullptr) const {
    if (line.size() < kTail || buckets_.empty()) return nullptr;
    const Key key = key_of(line);
    for (const std::uint32_t entry : buckets_[key.bucket]) {
      // The report of an old entry has been replaced, but its place is still that of a report.
      if ((entry & ~kPlaceBits) != key.tag) continue;
      const Record& record = reports_[entry & kPlaceBits];
      if (record.line() != line) continue;
      if (next != nullptr) *next = after(entry & kPlaceBits);
      return record.kept();
    }
    return nullptr;
  }
  // Returns the report at `next` if the bytes begin with its line and the ending of links, and then
  // goes on to the next one; else nullptr. One comparison finds the end of the line and its report.
  const KeptReport* take_next(std::string_view bytes, Position& next) const {
    if (next >= reports_.size()) return nullptr;
    const KeptReport* const report = reports_[next].kept();
    if (!bytes.starts_with(report->ended_line())) return nullptr;
    next = after(next);
    return report;
  }

 private:
  // The end of a line is its report's time and a part of its location. AT lines have as many bytes.
  static constexpr std::size_t kTail = 16;
  static constexpr std::uint32_t kReports = 4096;
  static constexpr std::uint32_t kPlaceBits = kReports - 1;
  static constexpr std::size_t kBucketBits = 11;

  // The last lines whose hashes begin alike, the newest first: the place of the report in the low
  // bits, and a part of the hash in the others. Buckets of four lose 1 % of the newest half of the
  // reports, buckets of two in as much memory 3 %, and a place for each hash 12 %.
  using Bucket = std::array<std::uint32_t, 4>;
  struct Key {
    std::size_t bucket;
    std::uint32_t tag;
  };

  static std::uint32_t after(std::uint32_t place) { return (place + 1) % kReports; }
  static Key key_of(std::string_view line) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
    const char* const end = line.data() + line.size();
    const std::uint64_t hash = (load8(end - 8) * kOdd ^ load8(end - 16)) * kOdd;
    return {hash >> (64 - kBucketBits), static_cast<std::uint32_t>(hash >> 16) & ~kPlaceBits};
  }

  std::vector<Bucket> buckets_;  // none before the first add()
  std::vector<Record> reports_;  // a ring, once there are kReports
  std::uint32_t next_ = 0;
};

}  // namespace herd
