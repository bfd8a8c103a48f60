#include "sim/base/text/printed_time.h"

#include <algorithm>
#include <cmath>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

constexpr herd::PosixNs kSecond = 1'000'000'000;
constexpr herd::PosixNs kLeastUnit = 1000;

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<PrintedTime> read_printed_time(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  if (is_digits(whole) && (fraction.empty() || is_digits(fraction))) {
    const auto seconds = read_whole<std::int64_t>(whole);
    if (!seconds || *seconds > 9'000'000'000) return std::nullopt;
    PrintedTime time{*seconds * kSecond, kSecond};
    fraction = fraction.substr(0, 9);
    for (const char digit : fraction) {
      time.unit /= 10;
      time.ns += (digit - '0') * time.unit;
    }
    time.unit = std::max(time.unit, kLeastUnit);
    return time;
  }
  // A number with an exponent.
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent == text.npos || text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto seconds = read_real(text);
  if (!seconds || *seconds > 9e9) return std::nullopt;
  const auto digits = static_cast<double>(exponent > 1 ? exponent - 2 : 0);
  const double unit = std::pow(10, std::floor(std::log10(std::max(*seconds, 1.0))) - digits) * 1e9;
  return PrintedTime{static_cast<herd::PosixNs>(*seconds * 1e9),
                     std::max(static_cast<herd::PosixNs>(std::min(unit, 1e9)), kLeastUnit)};
}

}  // namespace sim
