// One server's records: the newest report of every client that it knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "core/record_order.h"

namespace herd {

enum class Verdict {
  kAccepted,   // newer than the record, or the first of its client; stored now
  kDuplicate,  // the same report as the record
  kStale,      // older than the record
};

class RecordStore {
 public:
  explicit RecordStore(RecordOrder order = RecordOrder::kClientTime) : order_(order) {}

  // Stores the report if it is newer. Allocates memory only for a client that was not known.
  Verdict offer(const RecordView& report);
  // The same for a report that comes from a client itself: a mere repetition is kDuplicate.
  Verdict offer_own(const RecordView& report);

  // Prefetch the cache lines that offering `report` will need, without any other effect.
  // fetch_slot() fetches the client's slot. fetch_record() fetches the record; call it after
  // the slot has come.
  void fetch_slot(const KeptReport& report) const {
    if (!slots_.empty()) __builtin_prefetch(&first_slot(report));
  }
  void fetch_record(const KeptReport& report) const {
    if (slots_.empty()) return;
    const std::uint32_t record = first_slot(report).record;
    if (record != kFree) __builtin_prefetch(&records_[record]);
  }
  // Returns true if this report is stored. May return false for a stored report if another client
  // occupies its first slot.
  bool seems_to_hold(const KeptReport& report) const {
    if (slots_.empty()) return false;
    const std::uint32_t record = first_slot(report).record;
    return record != kFree && records_[record].kept() == &report;
  }
  // Returns the record that the last offer stored. Precondition: its verdict was kAccepted.
  const Record& last_taken() const { return records_[last_taken_]; }

  // Returns nullptr if the client is not known. The pointer is valid until the next offer.
  const Record* find(std::string_view client) const;
  // Returns the client's place: its number in the order in which clients became known, from 0. A
  // place never changes. Returns nullopt if the client is not known.
  std::optional<std::uint32_t> place_of(std::string_view client) const;
  // Precondition: place < size().
  const Record& at(std::uint32_t place) const { return records_[place]; }
  // Returns the time by which the record at `place` is ordered first.
  PosixNs order_time_at(std::uint32_t place) const { return order_time_of(records_[place]); }
  std::size_t size() const { return records_.size(); }
  // Returns all records, by client id in byte order.
  std::vector<RecordView> sorted() const;

 private:
  // Open addressing with linear probing. Records are never removed.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t record = kFree;  // an index into records_
  };
  static constexpr std::uint32_t kFree = 0xffff'ffff;

  PosixNs order_time_of(const Record& record) const {
    return order_ == RecordOrder::kClientTime ? record.time_ns() : server_time(record.view());
  }
  // Precondition: slots_ is not empty.
  const Slot& first_slot(const KeptReport& report) const {
    return slots_[report.client_hash() & (slots_.size() - 1)];
  }
  template <class IsHeld>
  Verdict offer_unless(const RecordView& report, IsHeld is_held);
  // Returns the client's slot, or the free slot that it would take. Precondition: a slot is free.
  std::size_t slot_of(std::string_view client, std::uint32_t hash) const;
  void insert(const RecordView& report, std::uint32_t hash);

  std::vector<Record> records_;
  std::vector<Slot> slots_;  // size is a power of two; at most three quarters are taken
  std::uint32_t last_taken_ = 0;
  RecordOrder order_;
};

}  // namespace herd
