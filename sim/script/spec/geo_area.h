// An area between two parallels and two meridians, and the geometry that mobility models need.
#pragma once

#include <optional>

#include "core/geodesy.h"
#include "core/random.h"

namespace sim {

using herd::GeoPoint;

// At least one metre high and wide. If `west` is greater than `east`, the area crosses the
// antimeridian.
struct GeoArea {
  double south = 0, west = 0, north = 0, east = 0;  // degrees
};

// Returns whether the point is in the area. Exact to a billionth of a degree (0.1 mm), like
// contains_way(). A pole has every longitude.
bool contains(const GeoArea& area, GeoPoint point);
// Returns whether the whole great circle between two points of the area is inside the area. It may
// not be: between two points of one parallel a great circle runs nearer to the pole.
bool contains_way(const GeoArea& area, GeoPoint from, GeoPoint to);

// Returns a random point. Every square metre has the same probability.
GeoPoint draw_point(const GeoArea& area, herd::Random& random);

// Returns the start of a client: the given point, or a drawn one if none is given. A pole gets a
// longitude of the area.
GeoPoint start_in(const GeoArea& area, std::optional<GeoPoint> given, herd::Random& random);

// The distance between the two parallels, and the length of the longest parallel, in metres.
double height_m(const GeoArea& area);
double width_m(const GeoArea& area);

// Returns the point at this distance on the meridian, towards the farther of the two parallels but
// not beyond it. The line to it never leaves the area. Any distance up to half the area's height is
// possible.
GeoPoint along_meridian(const GeoArea& area, GeoPoint from, double distance_m);

}  // namespace sim
