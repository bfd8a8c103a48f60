#include "core/sync_lines.h"

#include <charconv>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/fields.h"
#include "core/format.h"
#include "core/line_fields.h"

namespace herd {
namespace {

constexpr std::string_view kWord = "SYNC";

std::optional<std::uint64_t> scan_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Reads the first digits of the range's hashes, and a star for the others.
std::optional<HashPrefix> scan_prefix(std::string_view text) {
  if (!text.ends_with('*')) return std::nullopt;
  text.remove_suffix(1);
  const auto bits = scan_hash_digits(text);
  if (!bits) return std::nullopt;
  return HashPrefix{*bits, static_cast<int>(text.size())};
}

Bad parse_held(LineFields& fields, RangeSum& out) {
  const std::string_view count = fields.next();
  const std::string_view fingerprint = fields.next();
  if (const Bad error = fields.expect_end_after(fingerprint)) return error;
  const auto number = scan_count(count);
  if (!number) return fields.bad(ParseCode::kBadCount, count);
  const auto hash = scan_hash(fingerprint);
  if (!hash) return fields.bad(ParseCode::kBadHash, fingerprint);
  out = {*number, *hash};
  return std::nullopt;
}

Bad parse_range(LineFields& fields, int most_digits, HashPrefix& out) {
  const std::string_view prefix = fields.next();
  if (prefix.empty()) return fields.missing();
  const auto range = scan_prefix(prefix);
  if (!range || range->digits > most_digits) return fields.bad(ParseCode::kBadPrefix, prefix);
  out = *range;
  return std::nullopt;
}

Bad parse_part(LineFields& fields, RangeSum& out) {
  const std::string_view part = fields.next();
  if (part.empty()) return fields.missing();
  if (part == "-") return std::nullopt;
  std::string_view rest = part;
  const auto count = scan_count(take_until(rest, '.'));
  if (!count || *count == 0) return fields.bad(ParseCode::kBadCount, part);
  const auto hash = scan_hash(rest);
  if (!hash) return fields.bad(ParseCode::kBadHash, part);
  out = {*count, *hash};
  return std::nullopt;
}

Bad parse_entry(LineFields& fields, std::string_view entry, SyncList& out) {
  const auto read = scan_entry(entry);
  if (const auto* const code = std::get_if<ParseCode>(&read)) return fields.bad(*code, entry);
  const RecordEntry& whole = std::get<RecordEntry>(read);
  if (!out.range.covers(whole.hash)) return fields.bad(ParseCode::kBadHash, entry);
  out.entries.push_back(whole);
  return std::nullopt;
}

Bad parse(LineFields& fields, SyncHold& out) { return parse_held(fields, out.held); }
Bad parse(LineFields& fields, SyncBegin& out) { return parse_held(fields, out.held); }

Bad parse(LineFields& fields, SyncSum& out) {
  if (const Bad bad = parse_range(fields, HashPrefix::kMaxDigits - 1, out.range)) return bad;
  for (RangeSum& part : out.parts) {
    if (const Bad bad = parse_part(fields, part)) return bad;
  }
  return fields.expect_end();
}

Bad parse(LineFields& fields, SyncList& out) {
  if (const Bad bad = parse_range(fields, HashPrefix::kMaxDigits, out.range)) return bad;
  for (auto entry = fields.next(); !entry.empty(); entry = fields.next()) {
    if (const Bad bad = parse_entry(fields, entry, out)) return bad;
  }
  return std::nullopt;
}

Bad parse(LineFields& fields, SyncWant& out) {
  for (auto field = fields.next(); !field.empty(); field = fields.next()) {
    const auto hash = scan_hash(field);
    if (!hash) return fields.bad(ParseCode::kBadHash, field);
    out.hashes.push_back(*hash);
  }
  if (out.hashes.empty()) return fields.missing();
  return std::nullopt;
}

Bad parse(LineFields& fields, SyncMore&) { return fields.expect_end(); }
Bad parse(LineFields& fields, SyncGo&) { return fields.expect_end(); }

Bad parse(LineFields& fields, SyncEnd& out) {
  const std::string_view asked = fields.next();
  if (const Bad error = fields.expect_end_after(asked)) return error;
  const auto number = scan_count(asked);
  if (!number) return fields.bad(ParseCode::kBadCount, asked);
  out.asked = *number;
  return std::nullopt;
}

template <class Command>
SyncCommand parse_as(LineFields& fields) {
  Command out{};
  if (const Bad bad = parse(fields, out)) return *bad;
  return out;
}

// Parses the AT line after SYNC. The columns of errors count in the whole line.
SyncCommand parse_record(std::string_view line, std::string_view at) {
  const LinkCommand command = parse_link_line(at);
  if (const auto* record = std::get_if<RecordView>(&command)) return *record;
  auto error = std::get<ParseError>(command);
  error.column += static_cast<std::size_t>(at.data() - line.data());
  return error;
}

void append_prefix(std::string& out, const HashPrefix& range) {
  append_hash(out, range.bits, range.digits);
  out += '*';
}

void append_count(std::string& out, std::uint64_t count) {
  char buffer[20];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, count).ptr);
}

void format_held(std::string& out, std::string_view command, const RangeSum& held) {
  out.assign(command);
  append_count(out, held.count);
  out += ' ';
  append_hash(out, held.fingerprint);
}

}  // namespace

bool is_sync_line(std::string_view line) { return LineFields(line).next() == kWord; }

SyncCommand parse_sync_line(std::string_view line) {
  LineFields fields(line);
  fields.next();
  const std::string_view at = fields.rest();
  const std::string_view command = fields.next();
  if (command == "AT") return parse_record(line, at);
  if (command == "HOLD") return parse_as<SyncHold>(fields);
  if (command == "BEGIN") return parse_as<SyncBegin>(fields);
  if (command == "SUM") return parse_as<SyncSum>(fields);
  if (command == "LIST") return parse_as<SyncList>(fields);
  if (command == "WANT") return parse_as<SyncWant>(fields);
  if (command == "MORE") return parse_as<SyncMore>(fields);
  if (command == "GO") return parse_as<SyncGo>(fields);
  if (command == "END") return parse_as<SyncEnd>(fields);
  if (command.empty()) return fields.missing();
  return fields.bad(ParseCode::kUnknownCommand, command);
}

void format_sync(std::string& out, const SyncHold& hold) {
  format_held(out, "SYNC HOLD ", hold.held);
}

void format_sync(std::string& out, const SyncBegin& begin) {
  format_held(out, "SYNC BEGIN ", begin.held);
}

void format_sync(std::string& out, const SyncSum& sum) {
  out.assign("SYNC SUM ");
  append_prefix(out, sum.range);
  for (const RangeSum& part : sum.parts) {
    out += ' ';
    if (part.count == 0) {
      out += '-';
      continue;
    }
    append_count(out, part.count);
    out += '.';
    append_hash(out, part.fingerprint);
  }
}

void format_sync(std::string& out, const SyncList& list) {
  out.assign("SYNC LIST ");
  append_prefix(out, list.range);
  for (const RecordEntry& entry : list.entries) {
    out += ' ';
    append_entry(out, entry);
  }
}

void format_sync(std::string& out, const SyncWant& want) {
  out.assign("SYNC WANT");
  for (const std::uint64_t hash : want.hashes) {
    out += ' ';
    append_hash(out, hash);
  }
}

void format_sync(std::string& out, SyncMore) { out.assign("SYNC MORE"); }
void format_sync(std::string& out, SyncGo) { out.assign("SYNC GO"); }

void format_sync(std::string& out, SyncEnd end) {
  out.assign("SYNC END ");
  append_count(out, end.asked);
}

void format_sync(std::string& out, const RecordView& record) {
  out.assign(kWord).append(" ").append(record.line);
}

std::string to_string(const SyncCommand& command) {
  return std::visit(
      [](const auto& each) -> std::string {
        using Command = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<Command, ParseError>) {
          return to_string(LinkCommand(each));
        } else {
          std::string line;
          format_sync(line, each);
          return "sync(" + line.substr(kWord.size() + 1) + ")";
        }
      },
      command);
}

}  // namespace herd
