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

Vector cross(Vector a, Vector b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
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
  const double a = std::pow(std::sin(dlat / 2), 2) + std::cos(from.lat * kDegree) *
                                                         std::cos(to.lat * kDegree) *
                                                         std::pow(std::sin(dlon / 2), 2);
  return 2 * kEarthRadiusM * std::asin(std::min(1.0, std::sqrt(a)));
}

GeoPoint interpolate(GeoPoint from, GeoPoint to, double fraction) {
  if (fraction <= 0) return from;
  if (fraction >= 1) return to;
  const Vector u = to_vector(from);
  const Vector v = to_vector(to);
  const Vector axis = cross(u, v);
  const double sine = std::hypot(axis.x, axis.y, axis.z);
  const double angle = std::atan2(sine, u.x * v.x + u.y * v.y + u.z * v.z);
  if (angle < 1e-12) return from;
  // `ahead` is the direction of the great circle at `from`. It is at right angles to `u` even if
  // the points are almost antipodes. For antipodes every direction is correct; the function takes
  // north.
  Vector ahead = to_vector({from.lat + 90, from.lon});
  if (sine > 1e-12) {
    const Vector across = cross(axis, u);
    ahead = {across.x / sine, across.y / sine, across.z / sine};
  }
  const double a = std::cos(fraction * angle);
  const double b = std::sin(fraction * angle);
  return to_point({a * u.x + b * ahead.x, a * u.y + b * ahead.y, a * u.z + b * ahead.z});
}

double initial_bearing(GeoPoint from, GeoPoint to) {
  const double lat_from = from.lat * kDegree;
  const double lat_to = to.lat * kDegree;
  const double turn = (to.lon - from.lon) * kDegree;
  const double east = std::cos(lat_to) * std::sin(turn);
  // cos a sin b - sin a cos b cos t, in a form that loses no digits if the points are near.
  const double north = std::sin(lat_to - lat_from) +
                       2 * std::sin(lat_from) * std::cos(lat_to) * std::pow(std::sin(turn / 2), 2);
  const double bearing = std::atan2(east, north);
  if (bearing >= 0) return bearing;
  // A tiny negative angle plus a full turn may round to the full turn.
  const double positive = bearing + 2 * std::numbers::pi;
  return positive < 2 * std::numbers::pi ? positive : 0;
}

GeoPoint destination(GeoPoint from, double bearing, double distance_m) {
  const Vector u = to_vector(from);
  const double lat = from.lat * kDegree;
  const double lon = from.lon * kDegree;
  const double north = std::cos(bearing);
  const double east = std::sin(bearing);
  const Vector ahead{-north * std::sin(lat) * std::cos(lon) - east * std::sin(lon),
                     -north * std::sin(lat) * std::sin(lon) + east * std::cos(lon),
                     north * std::cos(lat)};
  const double a = std::cos(distance_m / kEarthRadiusM);
  const double b = std::sin(distance_m / kEarthRadiusM);
  return to_point({a * u.x + b * ahead.x, a * u.y + b * ahead.y, a * u.z + b * ahead.z});
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
