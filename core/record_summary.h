// A summary of a server's records: the number of records and their fingerprint, for every range of
// the clients' hashes. If the summaries of two servers are equal for a range, they hold the same
// records there. If not, the smaller ranges within it show where the difference is.
//
// core/record_entry.h defines the hash of a client and the fingerprint of a record. The fingerprint
// of a range is the sum of its records' fingerprints, modulo 2^64. Fingerprints find differences,
// but a malicious neighbour could hide one. Only neighbours with a valid MAC take part in
// comparisons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash_prefix.h"
#include "core/record_entry.h"
#include "core/record_store.h"

namespace herd {

// The number of records in a range, and their fingerprint.
struct RangeSum {
  std::uint64_t count = 0;
  std::uint64_t fingerprint = 0;
  friend bool operator==(const RangeSum&, const RangeSum&) = default;
};

// The summary of one store. After each change of the store, the caller must call update().
class RecordSummary {
 public:
  using ClientHash = std::uint64_t (*)(std::string_view client);

  // Summarizes all records of `store`, which must outlive the summary.
  explicit RecordSummary(const RecordStore& store, ClientHash client_hash = hash_of_client);

  // Updates the summary after the record at `place` was added to the store or changed. New records
  // must be reported in the order of their places.
  void update(std::uint32_t place);

  RangeSum sum(const HashPrefix& range) const;
  RangeSum total() const { return levels_[0][0]; }
  // Returns the places of the range's records in the store, ordered by hash and then by place.
  std::vector<std::uint32_t> places(const HashPrefix& range) const;
  std::uint64_t hash(std::uint32_t place) const { return entries_[place].hash; }
  std::uint64_t fingerprint(std::uint32_t place) const { return entries_[place].fingerprint; }

 private:
  // The entry of a record, indexed by its place. `next` is another entry of the same bucket.
  struct Entry {
    std::uint64_t hash = 0, fingerprint = 0;
    std::uint32_t next = kNone;
  };
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  // The summary adds a level when its buckets hold this many records on average.
  static constexpr std::size_t kFullBucket = 16;

  void take(std::uint32_t place);
  void add(std::uint64_t hash, RangeSum change);
  void link(std::uint32_t place);
  void deepen();
  // Returns the buckets that overlap the range: the first one, and the one after the last.
  std::pair<std::size_t, std::size_t> buckets(const HashPrefix& range) const;

  const RecordStore& store_;
  ClientHash hash_;
  std::vector<Entry> entries_;
  std::vector<std::vector<RangeSum>> levels_;  // indexed by number of digits, then by their value
  std::vector<std::uint32_t> heads_;           // first entries of the last level's buckets
  std::string scratch_;
};

}  // namespace herd
