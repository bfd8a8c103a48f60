// Points and great circles on a sphere with the Earth's mean radius (IUGG R1, 6371.0088 km).
// Distances differ from those on the ellipsoid by at most 0.6 %. The functions are correct across
// the antimeridian and at the poles.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace herd {

inline constexpr double kEarthRadiusM = 6371008.8;

// Decimal degrees, WGS 84: lat in [-90, 90], lon in [-180, 180].
struct GeoPoint {
  double lat = 0;
  double lon = 0;
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

// Returns the distance in metres along the great circle (haversine formula, stable for small
// distances).
double distance_m(GeoPoint from, GeoPoint to);

// Returns the point at a fraction of the great circle between two points (0 = from, 1 = to).
// Antipodes have many shortest paths; the function then takes one of them.
GeoPoint interpolate(GeoPoint from, GeoPoint to, double fraction);

// Returns the direction in which the great circle to `to` leaves `from`: radians clockwise from
// north, in [0, 2 pi). At a pole, north and south are the directions of the meridian `from.lon`.
// Returns 0 if the two points are equal.
double initial_bearing(GeoPoint from, GeoPoint to);

// Returns the point at `distance_m` metres along the great circle that leaves `from` at `bearing`
// (radians clockwise from north). The distance may be more than half of the circle.
GeoPoint destination(GeoPoint from, double bearing, double distance_m);

// Reads an ISO 6709 location, `±DD[.D…]±DDD[.D…]`, with the restrictions of PROTOCOL.md. Returns
// nullopt if it is wrong.
std::optional<GeoPoint> parse_location(std::string_view text);

// Returns an ISO 6709 location with six decimals (0.11 m) and both signs, such as
// +34.068930-118.445127. A longitude that rounds to -180 stays in range.
std::string format_location(GeoPoint point);

}  // namespace herd
