// Reads and writes the lines by which the two endpoints of a link find out what each of them lacks.
// PROTOCOL.md, "Synchronization", defines the grammar and the conversation.
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
#include "core/record_entry.h"
#include "core/record_summary.h"

namespace herd {

// HOLD: the records that the sender holds. Each endpoint sends it once.
struct SyncHold {
  RangeSum held;
};

// BEGIN: begins the comparison. The sender leads it and tells what it holds.
struct SyncBegin {
  RangeSum held;
};

// SUM: the sums of the sixteen parts of a range, for the sender's records.
struct SyncSum {
  HashPrefix range;  // has fewer than all digits
  std::array<RangeSum, 16> parts;
};

// LIST: all records of a range that the sender holds.
struct SyncList {
  HashPrefix range;
  std::vector<RecordEntry> entries;  // their hashes are within the range
};

// WANT: asks for the records of the clients with these hashes; at least one hash.
struct SyncWant {
  std::vector<std::uint64_t> hashes;
};

// MORE: more records will follow after GO.
struct SyncMore {};
// GO: the answer to MORE.
struct SyncGo {};

// END: everything that the other endpoint asked so far is answered. `asked` is the number of
// questions (SUM, LIST, WANT) that the sender has asked since its last END.
struct SyncEnd {
  std::uint64_t asked = 0;
};

// AT is the record itself, as a RecordView.
using SyncCommand = std::variant<ParseError, RecordView, SyncHold, SyncBegin, SyncSum, SyncList,
                                 SyncWant, SyncMore, SyncGo, SyncEnd>;

// Returns true if the first word of a link's line is SYNC, even if the rest is wrong.
bool is_sync_line(std::string_view line);
// Precondition: is_sync_line(line).
SyncCommand parse_sync_line(std::string_view line);

// Each overload replaces `out` with the line and reuses its memory.
void format_sync(std::string& out, const SyncHold& hold);
void format_sync(std::string& out, const SyncBegin& begin);
void format_sync(std::string& out, const SyncSum& sum);
void format_sync(std::string& out, const SyncList& list);
void format_sync(std::string& out, const SyncWant& want);
void format_sync(std::string& out, SyncMore);
void format_sync(std::string& out, SyncGo);
void format_sync(std::string& out, SyncEnd end);
// Writes `SYNC` and the AT line byte for byte.
void format_sync(std::string& out, const RecordView& record);

// Returns text such as "sync(END 3)" or "error(bad-count @9)", for tests and traces.
std::string to_string(const SyncCommand& command);

}  // namespace herd
