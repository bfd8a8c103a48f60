// The lines by which the two ends of a link find out what each lacks, read and written. The grammar
// and the conversation are in PROTOCOL.md, "Synchronization".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/hash_prefix.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/record_summary.h"
#include "core/time.h"

namespace herd {

// HOLD: what the speaker holds, said once by each end.
struct SyncHold {
  RangeSum held;
};

// BEGIN: the comparison begins, with what the speaker, who leads it, holds.
struct SyncBegin {
  RangeSum held;
};

// SUM: what the speaker holds of the sixteen ranges within one.
struct SyncSum {
  HashPrefix range;  // of fewer than all digits
  std::array<RangeSum, 16> parts;
};

// LIST: every record that the speaker holds of a range.
struct SyncList {
  struct Entry {
    std::uint64_t hash = 0;  // of the client; covered by the range
    PosixNs time_ns = 0;     // what the speaker's herd orders the record by first
    std::uint64_t fingerprint = 0;
  };
  HashPrefix range;
  std::vector<Entry> entries;
};

// WANT: the records of the clients with these hashes are to be sent; at least one.
struct SyncWant {
  std::vector<std::uint64_t> hashes;
};

// MORE: records are still to come, but not before GO.
struct SyncMore {};
// GO: the answer to MORE.
struct SyncGo {};

// END: all that the other end asked so far is answered, and so many questions (SUM, LIST, WANT)
// were asked since the last END.
struct SyncEnd {
  std::uint64_t asked = 0;
};

// With AT, the record itself, as a RecordView.
using SyncCommand = std::variant<ParseError, RecordView, SyncHold, SyncBegin, SyncSum, SyncList,
                                 SyncWant, SyncMore, SyncGo, SyncEnd>;

// Whether a link's line is one of these, good or bad: its first word is SYNC.
bool is_sync_line(std::string_view line);
// Precondition: is_sync_line(line).
SyncCommand parse_sync_line(std::string_view line);

// Each writes the line over `out`, whose memory is reused.
void format_sync(std::string& out, const SyncHold& hold);
void format_sync(std::string& out, const SyncBegin& begin);
void format_sync(std::string& out, const SyncSum& sum);
void format_sync(std::string& out, const SyncList& list);
void format_sync(std::string& out, const SyncWant& want);
void format_sync(std::string& out, SyncMore);
void format_sync(std::string& out, SyncGo);
void format_sync(std::string& out, SyncEnd end);
// `SYNC` and the AT line byte for byte.
void format_sync(std::string& out, const RecordView& record);

// As "sync(END 3)" or "error(bad-count @9)", for tests and traces.
std::string to_string(const SyncCommand& command);

}  // namespace herd
