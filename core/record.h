// A server's knowledge about a client: the newest report of its location, with the text as the
// server that heard it wrote it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace herd {

class KeptReport;

// A report on its way between functions: the whole AT line and its fields. All views are valid for
// the call that passes the report.
struct RecordView {
  std::string_view line;  // without its ending
  std::string_view server;
  std::string_view skew;
  std::string_view client;
  std::string_view location;
  std::string_view time;
  PosixNs time_ns = 0;
  // The stored copy of this report, if one exists. A store can share it. Null if there is none.
  const KeptReport* kept = nullptr;
};

// Orders two reports of one client by "newest wins": client time, location, server, time and skew
// as written. Texts compare as bytes. Equal means the same report.
std::strong_ordering compare(const RecordView& a, const RecordView& b);

// Returns true if a report's time is later than a server's clock by more than `limit`, which is not
// negative.
inline bool is_ahead(PosixNs time_ns, PosixNs clock_ns, Duration limit) {
  return time_ns > limit.count() && clock_ns < time_ns - limit.count();
}

// Returns true if a client repeats a report to the server that already heard it: time, location and
// server are the same. A repetition is not news, even if its skew differs.
bool repeats(const RecordView& report, const RecordView& held);

// A stored report: 8 bytes, and one block of memory. All records with the same report can share the
// block, as servers in one process do. If only one record uses a block, a newer report reuses it.
// All records that share blocks must be on one thread.
class Record {
 public:
  // `client_hash` is the hash of the report's client for look-ups in tables. Records that share
  // reports must agree on it.
  Record(const RecordView& report, std::uint32_t client_hash) { assign(report, client_hash); }
  Record(const Record& other);
  Record(Record&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  Record& operator=(const Record& other);
  Record& operator=(Record&& other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~Record() { release(); }

  // Shares the report's stored copy if there is one, else copies the report. `report` may be a view
  // of this record.
  void assign(const RecordView& report, std::uint32_t client_hash);
  // Precondition of this and all functions below: the record was not moved from.
  RecordView view() const;
  std::string_view line() const;
  std::string_view client() const;
  PosixNs time_ns() const;
  std::uint32_t client_hash() const;
  // Returns the number of bytes of the AT line.
  std::size_t size() const;
  // Returns the shared block. Two records with the same block hold the same report.
  const KeptReport* kept() const { return kept_; }

 private:
  void release();

  KeptReport* kept_ = nullptr;
};

// The seat of a store among those that share reports: its number, and the number of seats. Without
// seats, it is not noted who holds a report, and the number is 0.
struct RecordSeat {
  std::uint32_t number = 0, seats = 0;
};

// The block of memory that Records share.
class KeptReport {
 public:
  // Returns true if it is noted that the store with this seat holds the report. One bit for each
  // store, with those of a report together, stays in the caches during a flood: two thirds of what
  // a flood brings are duplicates, which need nothing of the store then.
  bool is_noted_at(RecordSeat seat) const {
    const std::uint64_t* const words = holders(seat);
    return words != nullptr && (words[seat.number / 64] >> (seat.number % 64) & 1) != 0;
  }
  // Precondition of both: seat.number < seat.seats, and seat.seats is the same in all calls.
  void note(RecordSeat seat) const;
  void forget(RecordSeat seat) const {
    if (std::uint64_t* const words = holders(seat)) {
      words[seat.number / 64] &= ~(std::uint64_t{1} << (seat.number % 64));
    }
  }

  // A number by which the observer of the servers knows the report again without comparing texts.
  // kNoLabel unless it was set.
  static constexpr std::uint32_t kNoLabel = 0xffff'ffff;
  std::uint32_t label() const { return label_; }
  void set_label(std::uint32_t label) const { label_ = label; }

  RecordView view() const {
    const char* const text = reinterpret_cast<const char*>(this + 1);
    const auto part = [&](Span span) { return std::string_view(text + span.at, span.size); };
    return {{text, size_},   part(server_), part(skew_), part(client_),
            part(location_), part(time_),   time_ns_,    this};
  }
  std::string_view line() const { return {reinterpret_cast<const char*>(this + 1), size_}; }
  // Returns the line with the ending of links, in one piece.
  std::string_view ended_line() const {
    return {reinterpret_cast<const char*>(this + 1), std::size_t{size_} + 1};
  }
  std::string_view client() const {
    return {reinterpret_cast<const char*>(this + 1) + client_.at, client_.size};
  }
  PosixNs time_ns() const { return time_ns_; }
  std::uint32_t client_hash() const { return client_hash_; }
  std::size_t size() const { return size_; }

 private:
  friend class Record;
  struct Span {
    std::uint16_t at = 0, size = 0;  // a link's line has at most 9,216 bytes
  };

  // Never returns null; operator new throws if memory runs out.
  static KeptReport* make(const RecordView& report, std::uint32_t client_hash);
  static void free(KeptReport* report);
  void set(const RecordView& report, std::uint32_t client_hash);

  std::uint32_t shared_by_ = 1;
  // The text follows this object in memory, and a line feed follows the text.
  std::uint16_t size_ = 0, capacity_ = 0;
  PosixNs time_ns_ = 0;
  // A bit for each seat. Null: there are more than 64, and none is noted yet.
  std::uint64_t* holders(RecordSeat seat) const {
    return seat.seats <= 64 ? &few_holders_ : many_holders_.get();
  }

  mutable std::uint64_t few_holders_ = 0;
  mutable std::unique_ptr<std::uint64_t[]> many_holders_;
  mutable std::uint32_t label_ = kNoLabel;
  std::uint32_t client_hash_ = 0;
  Span server_, skew_, client_, location_, time_;
};

inline std::string_view Record::line() const { return kept_->line(); }
inline std::string_view Record::client() const { return kept_->client(); }
inline PosixNs Record::time_ns() const { return kept_->time_ns(); }
inline std::uint32_t Record::client_hash() const { return kept_->client_hash(); }
inline std::size_t Record::size() const { return kept_->size(); }
inline RecordView Record::view() const { return kept_->view(); }

}  // namespace herd
