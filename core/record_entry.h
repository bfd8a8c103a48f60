// An entry stands for a record in lines between servers: it tells the record's client, how new the
// record is, and a fingerprint. On a link: hash ":" time ":" fingerprint, hashes as sixteen
// lower-case hexadecimal digits.
//
// The hash of a client is SipHash-2-4 of its id. The fingerprint of a record is SipHash-2-4 of its
// fields (server, skew, client, location, time, with a space between them). Both use the key 00 01
// … 0f.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/parse.h"
#include "core/record.h"
#include "core/time.h"

namespace herd {

struct RecordEntry {
  std::uint64_t hash = 0;  // of the client
  PosixNs time_ns = 0;     // the time by which the sender's herd orders the record first
  std::uint64_t fingerprint = 0;
};

std::uint64_t hash_of_client(std::string_view client);
// `scratch` is memory for the work.
std::uint64_t fingerprint_of(const RecordView& record, std::string& scratch);

// Reads at most sixteen lower-case hexadecimal digits, from the highest bits down.
std::optional<std::uint64_t> scan_hash_digits(std::string_view text);
// Reads sixteen hexadecimal digits; nullopt for anything else.
std::optional<std::uint64_t> scan_hash(std::string_view text);
// Appends the first digits of a hash, from the highest bits down.
void append_hash(std::string& out, std::uint64_t hash, int digits = 16);

// Returns kBadHash or kBadTime if a part of the text is wrong.
std::variant<RecordEntry, ParseCode> scan_entry(std::string_view text);
void append_entry(std::string& out, const RecordEntry& entry);

}  // namespace herd
