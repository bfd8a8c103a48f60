#include "core/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/scan.h"

namespace herd {
namespace {

// The parts of an unsigned decimal. `end` is the position after it, or 0 if there is none.
struct Decimal {
  std::size_t end = 0;
  std::size_t point = 0;  // position after the integer digits
};

// Scans digits, or digits, a point and at least one digit, from `at`. Inlined always: it runs twice
// for each location.
[[gnu::always_inline]] inline Decimal scan_decimal(std::string_view text, std::size_t at) {
  const std::size_t point = find_non_digit(text, at);
  if (point == at) return {};
  if (point == text.size() || text[point] != '.') return {point, point};
  const std::size_t end = find_non_digit(text, point + 1);
  if (end == point + 1) return {};  // a point without digits
  return {end, point};
}

// Returns true if any digit after the point is not zero.
bool has_fraction(std::string_view text, const Decimal& decimal) {
  return decimal.end > decimal.point &&
         text.substr(decimal.point + 1, decimal.end - decimal.point - 1).find_first_not_of('0') !=
             std::string_view::npos;
}

// Returns the value of the digits, or `limit + 1` if the value is greater than `limit`.
int digits_up_to(std::string_view digits, int limit) {
  int value = 0;
  for (const char c : digits) {
    value = value * 10 + (c - '0');
    if (value > limit) return limit + 1;
  }
  return value;
}

// Scans a sign and a decimal in [-limit, limit] from `at`. Returns the position after it, or 0 if
// it is wrong.
std::size_t scan_degrees(std::string_view text, std::size_t at, int limit) {
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return 0;
  const Decimal decimal = scan_decimal(text, at + 1);
  if (decimal.end == 0) return 0;
  const int whole = digits_up_to(text.substr(at + 1, decimal.point - at - 1), limit);
  if (whole > limit || (whole == limit && has_fraction(text, decimal))) return 0;
  return decimal.end;
}

// Whether a byte may be part of a name.
constexpr std::array<bool, 256> kNameBytes = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("0123456789abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-")) {
    out[static_cast<unsigned char>(c)] = true;
  }
  return out;
}();

}  // namespace

std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return out;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return kNameBytes[static_cast<unsigned char>(c)];
  });
}

std::optional<PosixNs> scan_time(std::string_view text) {
  constexpr std::uint64_t kMaxNs = std::numeric_limits<PosixNs>::max();
  constexpr std::uint64_t kMaxSeconds = kMaxNs / 1'000'000'000;
  std::size_t i = 0;
  std::uint64_t seconds = 0;
  if (kCanScanDigits8 && text.size() >= 8 && are_digits8(load8(text.data()))) {
    seconds = value_of_digits8(load8(text.data()));
    i = 8;
  }
  for (; i < text.size() && is_digit(text[i]); ++i) {
    seconds = seconds * 10 + static_cast<std::uint64_t>(text[i] - '0');
    if (seconds > kMaxSeconds) return std::nullopt;
  }
  if (i == 0) return std::nullopt;
  std::uint64_t nanos = 0;
  if (i < text.size()) {
    if (text[i] != '.' || i + 1 == text.size()) return std::nullopt;
    ++i;
    std::uint64_t unit = 100'000'000;
    if (kCanScanDigits8 && text.size() - i >= 8 && are_digits8(load8(text.data() + i))) {
      nanos = std::uint64_t{10} * value_of_digits8(load8(text.data() + i));
      unit = 1;
      i += 8;
    }
    for (; i < text.size(); ++i) {
      if (!is_digit(text[i])) return std::nullopt;
      nanos += unit * static_cast<std::uint64_t>(text[i] - '0');
      unit /= 10;  // 0 from the tenth decimal on
    }
  }
  const std::uint64_t total = seconds * 1'000'000'000 + nanos;
  if (total > kMaxNs) return std::nullopt;
  return static_cast<PosixNs>(total);
}

std::optional<std::size_t> scan_location(std::string_view text) {
  const std::size_t lat_end = scan_degrees(text, 0, 90);
  if (lat_end == 0 || scan_degrees(text, lat_end, 180) != text.size()) return std::nullopt;
  return lat_end;
}

bool is_skew(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  const std::size_t end = scan_decimal(text, 1).end;
  return end != 0 && end == text.size();
}

std::optional<double> scan_radius_km(std::string_view text) {
  constexpr int kMaxKm = 50;
  const Decimal decimal = scan_decimal(text, 0);
  if (decimal.end == 0 || decimal.end != text.size()) return std::nullopt;
  const int whole = digits_up_to(text.substr(0, decimal.point), kMaxKm);
  if (whole > kMaxKm || (whole == kMaxKm && has_fraction(text, decimal))) return std::nullopt;
  if (whole == 0 && !has_fraction(text, decimal)) return std::nullopt;
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  // A radius that is too small for a double is still greater than 0.
  return std::max(value, std::numeric_limits<double>::denorm_min());
}

std::optional<int> scan_bound(std::string_view text) {
  constexpr int kMaxBound = 20;
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  const int value = digits_up_to(text, kMaxBound);
  if (value < 1 || value > kMaxBound) return std::nullopt;
  return value;
}

}  // namespace herd
