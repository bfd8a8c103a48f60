// Points and great circles on the sphere of the Earth's mean radius (IUGG R1, 6371.0088 km).
// Good to 0.6 % of an ellipsoidal distance, right across the antimeridian and at the poles.
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

// Metres along the great circle (haversine formula, stable for small distances).
double distance_m(GeoPoint from, GeoPoint to);

// The point a fraction of the way (0 = from, 1 = to) along the great circle. For antipodes, where
// no great circle is the shortest one, some shortest path is taken.
GeoPoint interpolate(GeoPoint from, GeoPoint to, double fraction);

// The direction in which the great circle to `to` leaves `from`: radians clockwise from north, in
// [0, 2 pi). At a pole north is where `from.lon` and the other pole say. 0 where they are one
// point.
double initial_bearing(GeoPoint from, GeoPoint to);

// The point so many metres along the great circle that leaves `from` at a bearing, radians
// clockwise from north. More than half way round is allowed.
GeoPoint destination(GeoPoint from, double bearing, double distance_m);

// Reads an ISO 6709 location, `±DD[.D…]±DDD[.D…]`, as protocol.md restricts it.
std::optional<GeoPoint> parse_location(std::string_view text);

// Writes an ISO 6709 location with six decimals (0.11 m) and both signs, as
// +34.068930-118.445127. A longitude that rounds to -180 stays in range.
std::string format_location(GeoPoint point);

}  // namespace herd
