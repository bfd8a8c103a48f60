#include "sim/worlds/places/places_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/fields.h"

namespace sim {
namespace {

// +034.50 becomes 034.50 without its sign and leading zeros: a plus would be read as a space.
std::string plain_degrees(std::string_view text) {
  std::string out;
  if (text.front() == '-') out += '-';
  text.remove_prefix(1);
  std::size_t point = std::min(text.find('.'), text.size());
  while (point > 1 && text.front() == '0') {
    text.remove_prefix(1);
    --point;
  }
  constexpr std::size_t kDecimals = 9;
  return out.append(text.substr(0, point + 1 + kDecimals));
}

}  // namespace

std::optional<std::string> nearby_query(std::string_view location, double radius_km) {
  constexpr double kMaxKm = 50;
  const auto split = herd::scan_location(location);
  if (!split || !(radius_km > 0 && radius_km <= kMaxKm)) return std::nullopt;
  std::string metres = fmt::format("{:.3f}", std::max(radius_km * 1000, 0.001));
  metres.erase(metres.find_last_not_of('0') + 1);
  if (metres.back() == '.') metres.pop_back();
  return fmt::format("location={},{}&radius={}", plain_degrees(location.substr(0, *split)),
                     plain_degrees(location.substr(*split)), metres);
}

}  // namespace sim
