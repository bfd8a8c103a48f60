// What a server knows of a client: the newest report of where it is, in the words of the server
// that heard it.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace herd {

class KeptReport;

// A report as it travels: the whole AT line and its fields, all views of memory that somebody else
// holds for as long as the call that hands it over.
struct RecordView {
  std::string_view line;  // without its ending
  std::string_view server;
  std::string_view skew;
  std::string_view client;
  std::string_view location;
  std::string_view time;
  PosixNs time_ns = 0;
  // Where the report is kept already: whoever keeps it too can share it. Null: nowhere.
  const KeptReport* kept = nullptr;
};

// The order of "newest wins" for two reports of one client: client time, location, server, time and
// skew as written, the texts as bytes. Equal means the same report.
std::strong_ordering compare(const RecordView& a, const RecordView& b);

// True where a client repeats to the server that already heard it: same time, place and server.
// Its skew may differ; it is no news all the same.
bool repeats(const RecordView& report, const RecordView& held);

// How client ids are hashed where records are looked up, among other texts.
std::uint32_t text_hash(std::string_view text);

// A report that is kept: 8 bytes, and one block of memory that all who keep the very same report
// may share, as servers that live in one process do. A block that only one keeps is reused when a
// newer report takes its place. All that share blocks live on one thread.
class Record {
 public:
  explicit Record(const RecordView& report) { assign(report); }
  Record(const Record& other);
  Record(Record&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  Record& operator=(const Record& other);
  Record& operator=(Record&& other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~Record() { release(); }

  // Shares the report where it is kept already, else copies it. It may be a view of this record.
  void assign(const RecordView& report);
  // Of a record that was not moved from, as everything below.
  RecordView view() const;
  std::string_view client() const;
  PosixNs time_ns() const;
  std::uint32_t client_hash() const;
  // The shared block: two records with one block hold the same report.
  const KeptReport* kept() const { return kept_; }

 private:
  void release();

  KeptReport* kept_ = nullptr;
};

// What Record shares.
class KeptReport {
 public:
  RecordView view() const {
    const char* const text = reinterpret_cast<const char*>(this + 1);
    const auto part = [&](Span span) { return std::string_view(text + span.at, span.size); };
    return {{text, size_},   part(server_), part(skew_), part(client_),
            part(location_), part(time_),   time_ns_,    this};
  }
  std::string_view client() const {
    return {reinterpret_cast<const char*>(this + 1) + client_.at, client_.size};
  }
  PosixNs time_ns() const { return time_ns_; }
  std::uint32_t client_hash() const { return client_hash_; }

 private:
  friend class Record;
  struct Span {
    std::uint16_t at = 0, size = 0;  // a link's line has at most 9,216 bytes
  };

  // Null where there is no memory for it is no case: operator new throws.
  static KeptReport* make(const RecordView& report);
  static void free(KeptReport* report);
  void set(const RecordView& report);

  std::uint32_t shared_by_ = 1;
  std::uint16_t size_ = 0, capacity_ = 0;  // of the text, which stands behind this object
  PosixNs time_ns_ = 0;
  std::uint32_t client_hash_ = 0;
  Span server_, skew_, client_, location_, time_;
};

inline std::string_view Record::client() const { return kept_->client(); }
inline PosixNs Record::time_ns() const { return kept_->time_ns(); }
inline std::uint32_t Record::client_hash() const { return kept_->client_hash(); }
inline RecordView Record::view() const { return kept_->view(); }

}  // namespace herd
