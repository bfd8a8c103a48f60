// What a server holds, in short: the number of records and a fingerprint of them, for every range
// of its clients' hashes. Two servers whose summaries of a range are equal hold the same records of
// it; where they are not, the ranges within it tell where the difference is.
//
// A client's hash is SipHash-2-4 of its id, a record's fingerprint SipHash-2-4 of its fields
// (server, skew, client, location, time, a space between them), both with the key 00 01 … 0f. The
// fingerprint of a range is the sum of its records', modulo 2^64. That finds differences; it keeps
// nobody out who wants to hide one, but only proven neighbours are compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash_prefix.h"
#include "core/record_store.h"

namespace herd {

std::uint64_t hash_of_client(std::string_view client);

// How many records there are in a range, and their fingerprint.
struct RangeSum {
  std::uint64_t count = 0;
  std::uint64_t fingerprint = 0;
  friend bool operator==(const RangeSum&, const RangeSum&) = default;
};

// One that is kept of a store while it changes: update() says what did.
class RecordSummary {
 public:
  using ClientHash = std::uint64_t (*)(std::string_view client);

  // Of all that the store, which must outlive the summary, holds.
  explicit RecordSummary(const RecordStore& store, ClientHash client_hash = hash_of_client);

  // The record at that place of the store is the next that it took, or has changed.
  void update(std::uint32_t place);

  RangeSum sum(const HashPrefix& range) const;
  RangeSum total() const { return levels_[0][0]; }
  // The range's records by their places in the store, by hash and then by place.
  std::vector<std::uint32_t> places(const HashPrefix& range) const;
  std::uint64_t hash(std::uint32_t place) const { return entries_[place].hash; }
  std::uint64_t fingerprint(std::uint32_t place) const { return entries_[place].fingerprint; }

 private:
  // A record, by its place; `next` is another one of the same bucket.
  struct Entry {
    std::uint64_t hash = 0, fingerprint = 0;
    std::uint32_t next = kNone;
  };
  static constexpr std::uint32_t kNone = 0xffff'ffff;
  // A summary has as many levels as leave its buckets with so many records on average.
  static constexpr std::size_t kFullBucket = 16;

  std::uint64_t fingerprint_of(const RecordView& record);
  void take(std::uint32_t place);
  void add(std::uint64_t hash, RangeSum change);
  void link(std::uint32_t place);
  void deepen();
  // The buckets that the range has a part in, first and behind the last.
  std::pair<std::size_t, std::size_t> buckets(const HashPrefix& range) const;

  const RecordStore& store_;
  ClientHash hash_;
  std::vector<Entry> entries_;
  std::vector<std::vector<RangeSum>> levels_;  // by number of digits, then by their value
  std::vector<std::uint32_t> heads_;           // of the last level's buckets
  std::string scratch_;
};

}  // namespace herd
