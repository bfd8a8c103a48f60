// One server's records: the newest report of every client that it knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/limits.h"
#include "core/prefetch_memory.h"
#include "core/record.h"
#include "core/record_order.h"
#include "core/siphash.h"

namespace herd {

enum class Verdict {
  kAccepted,     // newer than the record, or the first of its client; stored now
  kDuplicate,    // the same report as the record
  kStale,        // older than the record
  kTooFarAhead,  // further ahead of its server's clock than the server allows; never of a store
  kRefused,      // the store is full and keeps what it has
};

// The limits of a store. They bound the memory that clients can make a server use.
struct RecordLimits {
  std::uint64_t max_records = kMaxRecords;
  std::uint64_t max_bytes = kMaxRecordBytes;  // of the AT lines
};

class RecordStore {
 public:
  // Clients choose their ids, and the key keeps them from choosing ids that all fall on one place
  // of the table. Stores that share reports need the same key.
  // A store with a seat must not be copied, and must leave() it before it goes.
  explicit RecordStore(RecordOrder order = RecordOrder::kClientTime, SipKey key = {},
                       RecordLimits limits = {}, RecordSeat seat = {})
      : seat_(seat.seats > 0 ? seat : RecordSeat{}), order_(order), key_(key), limits_(limits) {}
  // Clears the notes of what it holds.
  void leave();

  // Returns the hash that stores with this key look a client up by.
  static std::uint32_t client_hash(SipKey key, std::string_view client) {
    return static_cast<std::uint32_t>(siphash13(key, client));
  }

  // Takes the report if it is newer and there is room. Allocates only for a client that was not
  // known.
  Verdict offer(const RecordView& report);
  // The same for a report that a client makes itself: a mere repetition is kDuplicate. `hint` is
  // the place of a client who may be the same, or kNoPlace; it becomes the place of this one.
  Verdict offer_own(const RecordView& report, std::uint32_t& hint);
  static constexpr std::uint32_t kNoPlace = 0xffff'ffff;
  Verdict offer_own(const RecordView& report) {
    std::uint32_t hint = kNoPlace;
    return offer_own(report, hint);
  }

  // Prefetches the place where offering a report will look its client up. Has no other effect.
  void prefetch_slot(std::uint32_t client_hash) const {
    if (!slots_.empty()) prefetch_memory(&first_slot(client_hash));
  }
  // The same for the client's record, or the place that it would take; reads what prefetch_slot()
  // prefetched.
  void prefetch_record(std::uint32_t client_hash) const {
    if (slots_.empty()) return;
    const Slot slot = first_slot(client_hash);
    const std::size_t place = slot != kFree ? slot & index_bits() : records_.size();
    prefetch_memory(records_.data() + place);
  }
  // Returns true if the report is held, and a seat notes it. Reads nothing of the store.
  bool is_noted(const KeptReport& report) const { return report.is_noted_at(seat_); }
  // Returns the record that the last offer took, or its place. Precondition: its verdict was
  // kAccepted.
  const Record& last_taken() const { return records_[last_taken_]; }
  std::uint32_t last_place() const { return last_taken_; }

  // Returns the client's record, valid until the next offer; nullptr if the client is not known.
  const Record* find(std::string_view client) const;
  // Returns a client's place, which it keeps for good. Places count from 0, in the order in which
  // clients became known.
  std::optional<std::uint32_t> place_of(std::string_view client) const;
  // Precondition: place < size().
  const Record& at(std::uint32_t place) const { return records_[place]; }
  // Returns the time by which the record there is ordered first.
  PosixNs order_time_at(std::uint32_t place) const { return order_time_of(records_[place]); }
  std::size_t size() const { return records_.size(); }
  // Returns the number of bytes of the AT lines that are held.
  std::uint64_t bytes() const { return bytes_; }
  // Returns every record, by client id in byte order.
  std::vector<RecordView> sorted() const;

 private:
  // Open addressing with linear probing. Records are never removed. A slot has an index into
  // records_ in as many low bits as the number of slots needs, and the high bits of the client's
  // hash in the others.
  using Slot = std::uint32_t;
  static constexpr Slot kFree = 0xffff'ffff;  // no index has all bits set: one slot is always free

  PosixNs order_time_of(const Record& record) const {
    return order_ == RecordOrder::kClientTime ? record.time_ns() : server_time(record.view());
  }
  // Precondition of both: slots_ is not empty.
  const Slot& first_slot(std::uint32_t client_hash) const {
    return slots_[client_hash & index_bits()];
  }
  std::uint32_t index_bits() const { return static_cast<std::uint32_t>(slots_.size() - 1); }
  template <class IsHeld>
  Verdict offer_unless(const RecordView& report, std::uint32_t& hint, IsHeld is_held);
  // Returns whether this client has this place. Most reports come from a connection, or about a
  // client, that has just had another one: then no hash is needed.
  bool has_place(std::string_view client, std::uint32_t place) const {
    return place < records_.size() && records_[place].client() == client;
  }
  // Returns the client's slot, or the free one that it would take. Precondition: there is a free
  // one.
  std::size_t slot_of(std::string_view client, std::uint32_t hash) const;
  void insert(const RecordView& report, std::uint32_t hash);
  void enlarge();
  void note(const Record& record) const {
    if (seat_.seats > 0) record.kept()->note(seat_);
  }
  void forget(const Record& record) const {
    if (seat_.seats > 0) record.kept()->forget(seat_);
  }
  std::uint32_t hash_of(std::string_view client) const { return client_hash(key_, client); }
  // Returns whether lines of `more` bytes may take the place of lines of `less` bytes.
  bool has_room(std::size_t more, std::size_t less) const {
    return more <= less || bytes_ - less + more <= limits_.max_bytes;
  }

  RecordSeat seat_;
  std::vector<Record> records_;
  std::vector<Slot> slots_;  // size is a power of two; at most seven eighths are taken
  std::uint32_t last_taken_ = 0;
  std::uint32_t last_offered_ = kNoPlace;  // by a neighbour
  RecordOrder order_;
  std::uint64_t bytes_ = 0;
  SipKey key_;
  RecordLimits limits_;
};

}  // namespace herd
