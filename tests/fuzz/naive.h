// The grammar of core/PROTOCOL.md, written again in the most obvious way, to compare the core's
// fast parsers with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace herd::naive {

inline bool is_space(char c) {
  return std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

struct Field {
  std::string_view text;
  std::size_t column = 0;
};

inline std::vector<Field> fields_of(std::string_view line) {
  std::vector<Field> out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (is_space(line[at])) continue;
    const std::size_t begin = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    out.push_back({line.substr(begin, at - begin), begin});
  }
  return out;
}

// A decimal as its digits before the point, without leading zeros, and after it, without the zeros
// at the end.
struct Decimal {
  std::string whole, fraction;
};

inline std::optional<Decimal> decimal(std::string_view text) {
  const std::size_t point = text.find('.');
  Decimal out;
  out.whole = text.substr(0, point);
  if (!all_digits(out.whole)) return std::nullopt;
  if (point != std::string_view::npos) {
    out.fraction = text.substr(point + 1);
    if (!all_digits(out.fraction)) return std::nullopt;
  }
  out.whole.erase(0, out.whole.find_first_not_of('0'));
  while (out.fraction.ends_with('0')) out.fraction.pop_back();
  return out;
}

inline bool at_most(const Decimal& value, std::string_view limit) {
  if (value.whole.size() != limit.size()) return value.whole.size() < limit.size();
  return value.whole < limit || (value.whole == limit && value.fraction.empty());
}

inline std::optional<std::int64_t> time(std::string_view text) {
  const auto parts = decimal(text);
  if (!parts || parts->whole.size() > 10) return std::nullopt;
  const std::string nanos = (parts->fraction + "000000000").substr(0, 9);
  const std::uint64_t seconds = parts->whole.empty() ? 0 : std::stoull(parts->whole);
  if (seconds > 9'223'372'036) return std::nullopt;
  const std::uint64_t all = seconds * 1'000'000'000 + std::stoull(nanos);
  if (all > 9'223'372'036'854'775'807U) return std::nullopt;
  return static_cast<std::int64_t>(all);
}

inline bool is_degrees(std::string_view text, std::string_view limit) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const auto value = decimal(text.substr(1));
  return value && at_most(*value, limit);
}

inline bool is_location(std::string_view text) {
  const std::size_t split = text.find_first_of("+-", 1);
  if (text.empty() || split == std::string_view::npos) return false;
  return is_degrees(text.substr(0, split), "90") && is_degrees(text.substr(split), "180");
}

inline bool is_skew(std::string_view text) {
  return !text.empty() && (text[0] == '+' || text[0] == '-') && decimal(text.substr(1));
}

inline bool is_radius(std::string_view text) {
  const auto value = decimal(text);
  return value && at_most(*value, "50") && !(value->whole.empty() && value->fraction.empty());
}

inline bool is_bound(std::string_view text) {
  if (!all_digits(text)) return false;
  const Decimal value = *decimal(text);
  return at_most(value, "20") && !value.whole.empty();
}

inline bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
  });
}

// Returns a difference as a sign, seconds and nine decimals. Neither time is negative.
inline std::string skew(std::int64_t clock_ns, std::int64_t time_ns) {
  const bool behind = clock_ns < time_ns;
  const auto off = static_cast<std::uint64_t>(behind ? time_ns - clock_ns : clock_ns - time_ns);
  std::string nanos = std::to_string(off % 1'000'000'000);
  nanos.insert(0, 9 - nanos.size(), '0');
  return (behind ? "-" : "+") + std::to_string(off / 1'000'000'000) + "." + nanos;
}

}  // namespace herd::naive
