// An area between two parallels and two meridians, and what mobility models ask of it.
#pragma once

#include <optional>

#include "core/geodesy.h"
#include "core/random.h"

namespace sim {

using herd::GeoPoint;

// At least a metre high and wide. Where `west` is greater than `east` it crosses the antimeridian.
struct GeoArea {
  double south = 0, west = 0, north = 0, east = 0;  // degrees
};

// All to a billionth of a degree (0.1 mm). A pole has every longitude.
bool contains(const GeoArea& area, GeoPoint point);
// Whether all of the great circle between two points of the area is inside it: between two points
// of one parallel it runs nearer to the pole.
bool contains_way(const GeoArea& area, GeoPoint from, GeoPoint to);

// Every square metre is as likely.
GeoPoint draw_point(const GeoArea& area, herd::Random& random);

// Where a client of the area starts: where it is told to, or at a point that is drawn. A pole gets
// a longitude of the area.
GeoPoint start_in(const GeoArea& area, std::optional<GeoPoint> given, herd::Random& random);

// From parallel to parallel, and along its longest parallel; metres.
double height_m(const GeoArea& area);
double width_m(const GeoArea& area);

// The point so far away on the meridian, in the direction of the farther of the two parallels, and
// no farther than it: a way that never leaves the area. It goes any way up to half its height.
GeoPoint along_meridian(const GeoArea& area, GeoPoint from, double distance_m);

}  // namespace sim
