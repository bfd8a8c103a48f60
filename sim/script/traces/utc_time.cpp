#include "sim/script/traces/utc_time.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>

#include "core/fields.h"

namespace sim {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// Takes this number of digits from the front of a text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (!herd::is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_fraction_ns(std::string_view& text) {
  if (!take(text, '.')) return 0;
  std::int64_t ns = 0, place = kNsPerSecond / 10;
  std::size_t digits = 0;
  for (; digits < text.size() && herd::is_digit(text[digits]); ++digits, place /= 10) {
    ns += (text[digits] - '0') * place;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return ns;
}

// Parses the rest of a time as its zone. Returns minutes ahead of UTC.
std::optional<int> read_zone(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const int sign = text[0] == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  const bool colon = take(text, ':');
  const auto minutes = take_number(text, 2);
  if (!hours || !colon || !minutes || !text.empty()) return std::nullopt;
  if (*minutes > 59 || *hours * 60 + *minutes > 14 * 60) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<herd::PosixNs> parse_utc_time(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take(text, 'T')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second) return std::nullopt;
  const auto fraction_ns = take_fraction_ns(text);
  const auto zone = fraction_ns ? read_zone(text) : std::nullopt;
  if (!zone || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970 || *year > 2261) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + *hour) * 60 + *minute - *zone) * 60 + *second;
  return seconds * kNsPerSecond + *fraction_ns;
}

std::string format_utc_time(herd::PosixNs time) {
  const std::chrono::sys_seconds whole{std::chrono::seconds(time / kNsPerSecond)};
  const auto midnight = std::chrono::floor<std::chrono::days>(whole);
  const std::chrono::year_month_day date(midnight);
  const std::int64_t second = (whole - midnight).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     second / 3600, second / 60 % 60, second % 60, time % kNsPerSecond);
}

std::string format_short_utc_time(herd::PosixNs time) {
  std::string text = format_utc_time(time);
  text.erase(text.find_last_not_of("0Z") + 1);
  if (text.back() == '.') text.pop_back();
  return text + 'Z';
}

}  // namespace sim
