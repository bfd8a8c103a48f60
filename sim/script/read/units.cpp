#include "sim/script/read/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/fields.h"
#include "sim/base/text/numbers.h"

namespace sim {
namespace {

using herd::Duration;

// A number and the text that follows it. Both are empty if there is no number.
struct Quantity {
  std::string_view whole, decimals, unit;
};

Quantity split_quantity(std::string_view text) {
  constexpr std::size_t kMaxDecimals = 9;
  const auto digits_from = [&](std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && herd::is_digit(text[end])) ++end;
    return text.substr(at, end - at);
  };
  Quantity out;
  out.whole = digits_from(0);
  std::size_t end = out.whole.size();
  if (end < text.size() && text[end] == '.') {
    out.decimals = digits_from(end + 1);
    if (out.decimals.empty() || out.decimals.size() > kMaxDecimals) return {};
    end += 1 + out.decimals.size();
  }
  out.unit = text.substr(end);
  return out;
}

template <class T, std::size_t N>
std::optional<T> unit_value(const std::array<std::pair<std::string_view, T>, N>& units,
                            std::string_view unit) {
  for (const auto& [name, value] : units) {
    if (name == unit) return value;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kDurationUnits = {{
    {"ns", 1},
    {"us", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"min", 60'000'000'000},
    {"h", 3'600'000'000'000},
}};

constexpr std::array<std::pair<std::string_view, double>, 3> kRateUnits = {{
    {"/s", 1.0},
    {"/min", 60.0},
    {"/h", 3600.0},
}};

// Returns the number alone. Its form is right, so that only its size can be wrong.
std::optional<double> number_value(std::string_view text, const Quantity& quantity) {
  return read_real(text.substr(0, text.size() - quantity.unit.size()));
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const Quantity quantity = split_quantity(text);
  const auto unit_ns = unit_value(kDurationUnits, quantity.unit);
  if (quantity.whole.empty() || !unit_ns) return std::nullopt;

  const auto whole = read_whole<std::int64_t>(quantity.whole);
  if (!whole) return std::nullopt;
  // The decimals as billionths of the unit, in integers, so that nothing is rounded.
  constexpr std::int64_t kBillion = 1'000'000'000;
  std::int64_t billionths = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const char digit = i < quantity.decimals.size() ? quantity.decimals[i] : '0';
    billionths = billionths * 10 + (digit - '0');
  }
  std::int64_t part_ns = 0;
  if (*unit_ns >= kBillion) {
    part_ns = billionths * (*unit_ns / kBillion);
  } else {
    const std::int64_t per_ns = kBillion / *unit_ns;
    if (billionths % per_ns != 0) return std::nullopt;
    part_ns = billionths / per_ns;
  }
  constexpr std::int64_t kMaxNs = std::numeric_limits<std::int64_t>::max();
  if (*whole > (kMaxNs - part_ns) / *unit_ns) return std::nullopt;
  return Duration(*whole * *unit_ns + part_ns);
}

std::optional<Duration> parse_signed_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto duration = parse_duration(text);
  if (!duration) return std::nullopt;
  return negative ? -*duration : *duration;
}

std::optional<Duration> parse_rate(std::string_view text) {
  const Quantity quantity = split_quantity(text);
  const auto unit_s = unit_value(kRateUnits, quantity.unit);
  if (quantity.whole.empty() || !unit_s) return std::nullopt;
  const auto rate = number_value(text, quantity);
  if (!rate || *rate <= 0) return std::nullopt;
  // The smallest rate that can be written is 1e-9/h: its period, 3.6e21 ns, does not fit.
  const double period_ns = std::round(*unit_s * 1e9 / *rate);
  if (period_ns >= 9.2e18) return std::nullopt;
  return Duration(static_cast<std::int64_t>(period_ns));
}

std::optional<double> parse_rate_per_s(std::string_view text) {
  const Quantity quantity = split_quantity(text);
  const auto unit_s = unit_value(kRateUnits, quantity.unit);
  if (quantity.whole.empty() || !unit_s) return std::nullopt;
  const auto rate = number_value(text, quantity);
  if (!rate) return std::nullopt;
  return *rate / *unit_s;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 4> kUnits = {{
      {"B", 0},
      {"KiB", 10},
      {"MiB", 20},
      {"GiB", 30},
  }};
  const Quantity quantity = split_quantity(text);
  const auto shift = unit_value(kUnits, quantity.unit);
  if (quantity.whole.empty() || !quantity.decimals.empty() || !shift) return std::nullopt;
  const auto number = read_whole<std::int64_t>(quantity.whole);
  if (!number || *number > std::numeric_limits<std::int64_t>::max() >> *shift) return std::nullopt;
  return *number << *shift;
}

std::optional<double> parse_bandwidth(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 4> kUnits = {{
      {"bit/s", 1.0},
      {"kbit/s", 1e3},
      {"mbit/s", 1e6},
      {"gbit/s", 1e9},
  }};
  const Quantity quantity = split_quantity(text);
  const auto unit_bps = unit_value(kUnits, quantity.unit);
  if (quantity.whole.empty() || !unit_bps) return std::nullopt;
  const auto value = number_value(text, quantity);
  if (!value) return std::nullopt;
  return *value * *unit_bps;
}

std::optional<double> parse_percent(std::string_view text) {
  const Quantity quantity = split_quantity(text);
  if (quantity.whole.empty() || quantity.unit != "%") return std::nullopt;
  // The exponent moves the point: a division could give another number than 0.011 for 1.1%.
  return read_real(std::string(text.substr(0, text.size() - 1)) + "e-2");
}

std::optional<std::int64_t> parse_drift_ppb(std::string_view text) {
  constexpr std::size_t kDecimals = 3;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const Quantity quantity = split_quantity(text);
  if (quantity.whole.empty() || quantity.unit != "ppm") return std::nullopt;
  if (quantity.decimals.find_first_not_of('0', kDecimals) != std::string_view::npos) {
    return std::nullopt;
  }
  std::string digits(quantity.whole);
  digits.append(quantity.decimals.substr(0, kDecimals));
  digits.append(kDecimals - std::min(kDecimals, quantity.decimals.size()), '0');
  const auto ppb = read_whole<std::int64_t>(digits);
  if (!ppb) return std::nullopt;
  return negative ? -*ppb : *ppb;
}

std::optional<double> parse_speed(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 2> kUnits = {{
      {"m/s", 1.0},
      {"km/h", 3.6},
  }};
  const Quantity quantity = split_quantity(text);
  const auto divisor = unit_value(kUnits, quantity.unit);
  if (quantity.whole.empty() || !divisor) return std::nullopt;
  const auto value = number_value(text, quantity);
  if (!value) return std::nullopt;
  return *value / *divisor;
}

std::optional<double> parse_distance_m(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 2> kUnits = {{
      {"m", 1.0},
      {"km", 1000.0},
  }};
  const Quantity quantity = split_quantity(text);
  const auto metres = unit_value(kUnits, quantity.unit);
  if (quantity.whole.empty() || !metres) return std::nullopt;
  const auto value = number_value(text, quantity);
  if (!value) return std::nullopt;
  return *value * *metres;
}

std::optional<std::string> parse_distance_km(std::string_view text) {
  // The number of places that the unit moves the point by.
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 2> kUnits = {{
      {"m", 3},
      {"km", 0},
  }};
  const Quantity quantity = split_quantity(text);
  const auto places = unit_value(kUnits, quantity.unit);
  if (quantity.whole.empty() || !places) return std::nullopt;
  std::string whole = std::string(*places, '0').append(quantity.whole);
  const std::size_t point = whole.size() - *places;
  std::string decimals = whole.substr(point).append(quantity.decimals);
  whole.resize(point);
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  decimals.resize(decimals.find_last_not_of('0') + 1);
  return decimals.empty() ? whole : whole + '.' + decimals;
}

}  // namespace sim
