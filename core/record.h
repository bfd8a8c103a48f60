// What a server knows of a client: the newest report of where it is, in the words of the server
// that heard it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.h"

namespace herd {

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
};

// The order of "newest wins" for two reports of one client: client time, location, server, time and
// skew as written, the texts as bytes. Equal means the same report.
std::strong_ordering compare(const RecordView& a, const RecordView& b);

// True where a client repeats to the server that already heard it: same time, place and server.
// Its skew may differ; it is no news all the same.
bool repeats(const RecordView& report, const RecordView& held);

// A report that is kept. One allocation, reused when a newer report takes its place.
class Record {
 public:
  explicit Record(const RecordView& report) { assign(report); }

  void assign(const RecordView& report);
  RecordView view() const;
  std::string_view client() const { return text(client_); }
  PosixNs time_ns() const { return time_ns_; }

 private:
  struct Span {
    std::uint16_t at = 0, size = 0;  // a link's line has at most 9,216 bytes
  };
  Span span_of(const RecordView& report, std::string_view field) const;
  std::string_view text(Span span) const { return {line_.data() + span.at, span.size}; }

  std::string line_;
  Span server_, skew_, client_, location_, time_;
  PosixNs time_ns_ = 0;
};

}  // namespace herd
