#include "sim/watch/report_match.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace sim {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";
// What stands around words where a program prints a list or an object.
constexpr std::string_view kPunctuation = " \t\r\n\f\v,;'\"[](){}<>|=";
constexpr herd::PosixNs kSecond = 1'000'000'000;
constexpr herd::PosixNs kLeastUnit = 1000;

template <class Take>
void for_each_word(std::string_view text, std::string_view separators, Take take) {
  for (std::size_t from = 0; (from = text.find_first_not_of(separators, from)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, from), text.size());
    take(text.substr(from, end - from));
    from = end;
  }
}

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
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    if (error != std::errc() || seconds > 9'000'000'000) return std::nullopt;
    PrintedTime time{seconds * kSecond, kSecond};
    fraction = fraction.substr(0, 9);
    for (const char digit : fraction) {
      time.unit /= 10;
      time.ns += (digit - '0') * time.unit;
    }
    time.unit = std::max(time.unit, kLeastUnit);
    return time;
  }
  // With an exponent.
  const std::size_t exponent = text.find_first_of("eE");
  if (exponent == text.npos || text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double seconds = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || !(seconds >= 0) || seconds > 9e9) return std::nullopt;
  const auto digits = static_cast<double>(exponent > 1 ? exponent - 2 : 0);
  const double unit = std::pow(10, std::floor(std::log10(std::max(seconds, 1.0))) - digits) * 1e9;
  return PrintedTime{static_cast<herd::PosixNs>(seconds * 1e9),
                     std::max(static_cast<herd::PosixNs>(std::min(unit, 1e9)), kLeastUnit)};
}

ReportMatcher::ReportMatcher(const Plan& plan, herd::PosixNs base) : stamps_(plan.subjects.size()) {
  for (std::uint32_t i = 0; i < plan.subjects.size(); ++i) subjects_.emplace(plan.subjects[i], i);
  for (std::uint32_t i = 0; i < plan.updates.size(); ++i) {
    stamps_[plan.updates[i].subject].push_back({client_time(plan.updates[i], base), i});
  }
  for (auto& stamps : stamps_) {
    std::stable_sort(stamps.begin(), stamps.end(),
                     [](const Stamp& a, const Stamp& b) { return a.time < b.time; });
  }
}

const std::vector<ReportMatcher::Stamp>* ReportMatcher::stamps_of(std::string_view client) const {
  const auto found = subjects_.find(client);
  return found == subjects_.end() ? nullptr : &stamps_[found->second];
}

std::optional<std::uint32_t> ReportMatcher::nearest(const std::vector<Stamp>& stamps,
                                                    std::string_view text) {
  const auto time = read_printed_time(text);
  if (!time) return std::nullopt;
  const auto after =
      std::lower_bound(stamps.begin(), stamps.end(), time->ns,
                       [](const Stamp& stamp, herd::PosixNs ns) { return stamp.time < ns; });
  std::optional<std::uint32_t> best;
  herd::PosixNs off = time->unit + 1;
  const auto consider = [&](const Stamp& stamp) {
    const herd::PosixNs by = std::abs(stamp.time - time->ns);
    if (by >= off) return;
    off = by;
    best = stamp.update;
  };
  if (after != stamps.begin()) consider(*std::prev(after));
  if (after != stamps.end()) consider(*after);
  return best;
}

std::optional<std::uint32_t> ReportMatcher::find(std::string_view client,
                                                 std::string_view time) const {
  const auto* const stamps = stamps_of(client);
  return stamps == nullptr ? std::nullopt : nearest(*stamps, time);
}

std::optional<std::uint32_t> ReportMatcher::find(std::string_view line) const {
  for (const std::string_view separators : {kSpace, kPunctuation}) {
    std::optional<std::uint32_t> found;
    const std::vector<Stamp>* client = nullptr;
    for_each_word(line, separators, [&](std::string_view word) {
      if (found) return;
      // The time may stand before or behind; behind is what everybody does.
      if (client != nullptr) found = nearest(*client, word);
      if (!found && client == nullptr) client = stamps_of(word);
    });
    if (found || client == nullptr) {
      if (found) return found;
      continue;
    }
    for_each_word(line, separators, [&](std::string_view word) {
      if (!found) found = nearest(*client, word);
    });
    if (found) return found;
  }
  return std::nullopt;
}

}  // namespace sim
