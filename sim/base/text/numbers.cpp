#include "sim/base/text/numbers.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sim {
namespace {

template <class T>
void append_whole(std::string& out, T value) {
  std::array<char, 24> text;  // the longest is -9223372036854775808
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_micros(std::string& out, herd::Duration value) {
  const std::int64_t ns = value.count();
  // Negated as unsigned, so that the smallest number has its magnitude too.
  std::uint64_t magnitude = static_cast<std::uint64_t>(ns);
  if (ns < 0) {
    magnitude = 0 - magnitude;
    out += '-';
  }
  append_whole(out, magnitude / 1000);
  const auto digit = [](std::uint64_t d) { return static_cast<char>('0' + d % 10); };
  const std::uint64_t below = magnitude % 1000;
  out += '.';
  out += digit(below / 100);
  out += digit(below / 10);
  out += digit(below);
}

void append_real(std::string& out, double value) {
  if (!std::isfinite(value)) return;
  if (value == 0) value = 0;   // drops the sign
  std::array<char, 400> text;  // the longest has some 340 characters
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  out.append(text.data(), end);
}

std::string real_text(double value) {
  std::string out;
  append_real(out, value);
  return out;
}

void append_integer(std::string& out, std::int64_t value) { append_whole(out, value); }
void append_count(std::string& out, std::uint64_t value) { append_whole(out, value); }

std::optional<double> read_real(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool is_whole = error == std::errc() && stop == end;
  return is_whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<herd::Duration> read_micros(std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 52;
  constexpr std::size_t kDecimals = 3;
  const std::size_t point = text.find('.');
  if (point == text.npos || text.size() - point - 1 != kDecimals) return std::nullopt;
  const auto micros = read_whole<std::uint64_t>(text.substr(0, point));
  const auto rest = read_whole<std::uint64_t>(text.substr(point + 1));
  if (!micros || *micros > kMost || !rest) return std::nullopt;
  return herd::Duration(static_cast<std::int64_t>(*micros * 1000 + *rest));
}

}  // namespace sim
