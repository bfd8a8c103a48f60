#include "core/record_entry.h"

#include <cstddef>

#include "core/fields.h"
#include "core/format.h"
#include "core/siphash.h"

namespace herd {
namespace {

constexpr SipKey kEntryKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};
constexpr std::size_t kDigits = 16;

}  // namespace

std::uint64_t hash_of_client(std::string_view client) { return siphash24(kEntryKey, client); }

std::uint64_t fingerprint_of(const RecordView& record, std::string& scratch) {
  scratch.assign(record.server);
  for (const auto field : {record.skew, record.client, record.location, record.time}) {
    scratch.append(" ").append(field);
  }
  return siphash24(kEntryKey, scratch);
}

std::optional<std::uint64_t> scan_hash_digits(std::string_view text) {
  if (text.size() > kDigits) return std::nullopt;
  std::uint64_t bits = 0;
  int shift = 60;
  for (const char c : text) {
    const bool letter = c >= 'a' && c <= 'f';
    if (!letter && !is_digit(c)) return std::nullopt;
    bits |= static_cast<std::uint64_t>(letter ? c - 'a' + 10 : c - '0') << shift;
    shift -= 4;
  }
  return bits;
}

std::optional<std::uint64_t> scan_hash(std::string_view text) {
  return text.size() == kDigits ? scan_hash_digits(text) : std::nullopt;
}

void append_hash(std::string& out, std::uint64_t hash, int digits) {
  for (int i = 0; i < digits; ++i) out += "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
}

std::variant<RecordEntry, ParseCode> scan_entry(std::string_view text) {
  const auto hash = scan_hash(take_until(text, ':'));
  const auto time_ns = scan_time(take_until(text, ':'));
  const auto fingerprint = scan_hash(text);
  if (!hash) return ParseCode::kBadHash;
  if (!time_ns) return ParseCode::kBadTime;
  if (!fingerprint) return ParseCode::kBadHash;
  return RecordEntry{*hash, *time_ns, *fingerprint};
}

void append_entry(std::string& out, const RecordEntry& entry) {
  append_hash(out, entry.hash);
  out += ':';
  append_time(out, entry.time_ns);
  out += ':';
  append_hash(out, entry.fingerprint);
}

}  // namespace herd
