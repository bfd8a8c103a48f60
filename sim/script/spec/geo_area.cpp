#include "sim/script/spec/geo_area.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sim {
namespace {

constexpr double kRadians = std::numbers::pi / 180;         // per degree
constexpr double kMetres = herd::kEarthRadiusM * kRadians;  // per degree of latitude
constexpr double kTolerance = 1e-9;                         // degrees

// Returns the degrees eastwards from one longitude to another, in [0, 360).
double degrees_east(double from, double to) {
  const double east = to - from;
  return east < 0 ? east + 360 : east;
}

double width_degrees(const GeoArea& area) {
  return area.east >= area.west ? area.east - area.west : area.east - area.west + 360;
}

bool is_pole(GeoPoint point) { return std::abs(point.lat) >= 90; }

// Returns the degrees from the area's western edge eastwards to `lon`. The result is slightly
// negative if `lon` is within the tolerance west of the edge.
double degrees_inside(const GeoArea& area, double lon) {
  const double east = std::fmod(degrees_east(area.west, lon), 360);
  return east > 360 - kTolerance ? east - 360 : east;
}

}  // namespace

bool contains(const GeoArea& area, GeoPoint point) {
  if (point.lat < area.south - kTolerance || point.lat > area.north + kTolerance) return false;
  return is_pole(point) || degrees_inside(area, point.lon) <= width_degrees(area) + kTolerance;
}

bool contains_way(const GeoArea& area, GeoPoint from, GeoPoint to) {
  if (from == to) return true;
  constexpr double kAlmostHalfWay = 179.9;  // near 180° rounding decides the direction
  if (herd::distance_m(from, to) > kAlmostHalfWay * kMetres) return false;
  // The longitude along a great circle changes in one direction, the shorter one, which must be the
  // one inside the area.
  if (width_degrees(area) < 360 && !is_pole(from) && !is_pole(to)) {
    const double inside = degrees_inside(area, to.lon) - degrees_inside(area, from.lon);
    if (std::abs(inside) > kAlmostHalfWay) return false;
  }
  // The latitude is greatest or least at an endpoint, or at the turning point between the endpoints
  // (Clairaut's relation).
  const double bearing = herd::initial_bearing(from, to);
  const double lat = from.lat * kRadians;
  const double turn = std::atan2(std::hypot(std::sin(lat), std::cos(lat) * std::cos(bearing)),
                                 std::abs(std::sin(bearing)) * std::cos(lat)) /
                      kRadians;
  const bool leaves_north = std::cos(bearing) > 0;
  const bool comes_from_north = std::cos(herd::initial_bearing(to, from)) > 0;
  if (leaves_north && comes_from_north) return turn <= area.north + kTolerance;
  if (!leaves_north && !comes_from_north) return -turn >= area.south - kTolerance;
  return true;
}

GeoPoint draw_point(const GeoArea& area, herd::Random& random) {
  // The area of a sphere between two parallels is proportional to the difference of their sines.
  const double lowest = std::sin(area.south * kRadians);
  const double highest = std::sin(area.north * kRadians);
  const double sine = lowest + random.uniform() * (highest - lowest);
  const double lon = area.west + random.uniform() * width_degrees(area);
  return {std::clamp(std::asin(std::clamp(sine, -1.0, 1.0)) / kRadians, area.south, area.north),
          lon > 180 ? lon - 360 : lon};
}

GeoPoint start_in(const GeoArea& area, std::optional<GeoPoint> given, herd::Random& random) {
  if (!given) return draw_point(area, random);
  if (!is_pole(*given)) return *given;
  const double middle = area.west + width_degrees(area) / 2;
  return {given->lat, middle > 180 ? middle - 360 : middle};
}

double height_m(const GeoArea& area) { return (area.north - area.south) * kMetres; }

double width_m(const GeoArea& area) {
  const bool has_equator = area.south <= 0 && area.north >= 0;
  const double nearest = has_equator ? 0 : std::min(std::abs(area.south), std::abs(area.north));
  return width_degrees(area) * kMetres * std::cos(nearest * kRadians);
}

GeoPoint along_meridian(const GeoArea& area, GeoPoint from, double distance_m) {
  const double degrees = distance_m / kMetres;
  if (area.north - from.lat >= from.lat - area.south) {
    return {std::min(from.lat + degrees, area.north), from.lon};
  }
  return {std::max(from.lat - degrees, area.south), from.lon};
}

}  // namespace sim
