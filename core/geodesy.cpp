#include "core/geodesy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "core/fields.h"

namespace herd {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

struct Vector {
  double x, y, z;
};

Vector to_vector(GeoPoint p) {
  const double lat = p.lat * kDegree;
  const double lon = p.lon * kDegree;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

GeoPoint to_point(Vector v) {
  return {std::atan2(v.z, std::hypot(v.x, v.y)) / kDegree, std::atan2(v.y, v.x) / kDegree};
}

double to_double(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Appends `micro_degrees` as a sign, `width` integer digits and six decimals.
void append_degrees(std::string& out, long long micro_degrees, int width) {
  out += micro_degrees < 0 ? '-' : '+';
  const long long magnitude = micro_degrees < 0 ? -micro_degrees : micro_degrees;
  const std::string whole = std::to_string(magnitude / 1'000'000);
  const std::string fraction = std::to_string(magnitude % 1'000'000);
  out.append(static_cast<std::size_t>(std::max(0, width - static_cast<int>(whole.size()))), '0');
  out += whole;
  out += '.';
  out.append(6 - fraction.size(), '0');
  out += fraction;
}

}  // namespace

double distance_m(GeoPoint from, GeoPoint to) {
  const double dlat = (to.lat - from.lat) * kDegree;
  const double dlon = (to.lon - from.lon) * kDegree;
  const double a = std::pow(std::sin(dlat / 2), 2) +
                   std::cos(from.lat * kDegree) * std::cos(to.lat * kDegree) *
                       std::pow(std::sin(dlon / 2), 2);
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(a)));
}

GeoPoint interpolate(GeoPoint from, GeoPoint to, double fraction) {
  if (fraction <= 0) return from;
  if (fraction >= 1) return to;
  const double angle = distance_m(from, to) / kEarthRadiusM;
  if (angle < 1e-12) return from;
  const Vector u = to_vector(from);
  const Vector v = to_vector(to);
  if (std::numbers::pi - angle < 1e-9) {
    // Antipodes: go by the pole that is nearer to the start.
    const GeoPoint pole{from.lat >= 0 ? 90.0 : -90.0, from.lon};
    const double to_pole = distance_m(from, pole) / kEarthRadiusM / angle;
    if (fraction <= to_pole) return interpolate(from, pole, fraction / to_pole);
    return interpolate(pole, to, (fraction - to_pole) / (1 - to_pole));
  }
  const double a = std::sin((1 - fraction) * angle) / std::sin(angle);
  const double b = std::sin(fraction * angle) / std::sin(angle);
  return to_point({a * u.x + b * v.x, a * u.y + b * v.y, a * u.z + b * v.z});
}

std::optional<GeoPoint> parse_location(std::string_view text) {
  const auto split = scan_location(text);
  if (!split) return std::nullopt;
  return GeoPoint{to_double(text.substr(0, *split)), to_double(text.substr(*split))};
}

std::string format_location(GeoPoint point) {
  std::string out;
  out.reserve(22);
  append_degrees(out, std::llround(std::clamp(point.lat, -90.0, 90.0) * 1e6), 2);
  append_degrees(out, std::llround(std::clamp(point.lon, -180.0, 180.0) * 1e6), 3);
  return out;
}

}  // namespace herd
