#include "core/geodesy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>

#include "core/fields.h"
#include "core/random.h"

namespace herd {
namespace {

constexpr long double kDegree = std::numbers::pi_v<long double> / 180;
constexpr double kHalfWay = kEarthRadiusM * std::numbers::pi;  // from a point to its antipode

// Computes the angle between two vectors from their cross and dot products. It is accurate for
// every distance, and a different method from the tested one.
double reference_m(GeoPoint from, GeoPoint to) {
  const long double a = from.lat * kDegree, b = to.lat * kDegree;
  const long double turn = (static_cast<long double>(to.lon) - from.lon) * kDegree;
  const long double east = std::cos(b) * std::sin(turn);
  const long double north = std::cos(a) * std::sin(b) - std::sin(a) * std::cos(b) * std::cos(turn);
  const long double dot = std::sin(a) * std::sin(b) + std::cos(a) * std::cos(b) * std::cos(turn);
  return static_cast<double>(kEarthRadiusM * std::atan2(std::hypot(east, north), dot));
}

GeoPoint random_point(Random& random) {
  return {random.uniform() * 180 - 90, random.uniform() * 360 - 180};
}

struct GeodesyRow {
  std::string_view name;
  GeoPoint from, to;
  double want_m;
};

constexpr double kOneDegree = kHalfWay / 180;

const GeodesyRow kKnown[] = {
    {"nowhere", {34, -118}, {34, -118}, 0},
    {"a degree of latitude", {0, 0}, {1, 0}, kOneDegree},
    {"a degree of latitude far north", {88, 77}, {89, 77}, kOneDegree},
    {"a degree of the equator", {0, 100}, {0, 101}, kOneDegree},
    {"a degree across the antimeridian", {0, 179.5}, {0, -179.5}, kOneDegree},
    {"the same back", {0, -179.5}, {0, 179.5}, kOneDegree},
    {"the antimeridian has two names", {12, 180}, {12, -180}, 0},
    {"a pole has many", {90, 0}, {90, 123}, 0},
    {"the other pole too", {-90, -10}, {-90, 170}, 0},
    {"over the pole", {89, 0}, {89, 180}, 2 * kOneDegree},
    {"equator to pole", {0, 33}, {90, -33}, kHalfWay / 2},
    {"pole to pole", {90, 0}, {-90, 0}, kHalfWay},
    {"antipodes on the equator", {0, 0}, {0, 180}, kHalfWay},
    {"antipodes", {30, 40}, {-30, -140}, kHalfWay},
    {"a centimetre", {0, 0}, {0, 1e-7}, kOneDegree * 1e-7},
    {"60 degrees along the parallel of 45",
     {45, 0},
     {45, 60},
     kEarthRadiusM* std::acos(0.5 + 0.5 * 0.5)},
    {"Los Angeles to New York, to 0.6 % of the ellipsoid's",
     {33.9425, -118.4081},
     {40.6398, -73.7789},
     3'974'339},
};

TEST(Distance, Known) {
  for (const auto& [name, from, to, want_m] : kKnown) {
    SCOPED_TRACE(name);
    // Near antipodes the haversine formula is accurate to decimetres; elsewhere it is far more
    // accurate.
    const double tolerance = want_m > kHalfWay * 0.99 ? 0.5 : 1e-6 + want_m * 1e-12;
    EXPECT_NEAR(distance_m(from, to), reference_m(from, to), tolerance);
    const bool ellipsoid = name.find("ellipsoid") != std::string_view::npos;
    EXPECT_NEAR(distance_m(from, to), want_m, ellipsoid ? want_m * 0.006 : tolerance);
  }
}

TEST(Distance, AgreesWithAnotherFormula) {
  Random random(1, "geodesy/distance");
  for (int i = 0; i < 20'000; ++i) {
    const GeoPoint from = random_point(random), to = random_point(random);
    const double distance = distance_m(from, to);
    ASSERT_NEAR(distance, reference_m(from, to), 0.5) << i;
    ASSERT_EQ(distance, distance_m(to, from));
    ASSERT_LE(distance, kHalfWay);
  }
}

TEST(Distance, SmallOnesAreExact) {
  Random random(1, "geodesy/near");
  for (int i = 0; i < 20'000; ++i) {
    const GeoPoint from = random_point(random);
    const GeoPoint to{std::clamp(from.lat + (random.uniform() - 0.5) * 1e-3, -90.0, 90.0),
                      std::clamp(from.lon + (random.uniform() - 0.5) * 1e-3, -180.0, 180.0)};
    ASSERT_NEAR(distance_m(from, to), reference_m(from, to), 1e-6) << i;
  }
}

// Points at a fraction of the great circle have the right distance from both ends, so they are on a
// shortest path.
void expect_on_the_way(GeoPoint from, GeoPoint to, double tolerance_m) {
  const double whole = reference_m(from, to);
  for (const double fraction : {0.0, 0.001, 0.25, 0.5, 0.75, 0.999, 1.0}) {
    const GeoPoint at = interpolate(from, to, fraction);
    ASSERT_NEAR(reference_m(from, at), fraction * whole, tolerance_m)
        << fraction << " of " << from.lat << ' ' << from.lon << " to " << to.lat << ' ' << to.lon;
    ASSERT_NEAR(reference_m(at, to), (1 - fraction) * whole, tolerance_m);
    ASSERT_TRUE(parse_location(format_location(at)));
  }
}

TEST(Interpolate, Known) {
  for (const GeodesyRow& row : kKnown) {
    SCOPED_TRACE(row.name);
    expect_on_the_way(row.from, row.to, 0.02);
  }
}

TEST(Interpolate, Anywhere) {
  Random random(1, "geodesy/interpolate");
  for (int i = 0; i < 5'000; ++i) {
    expect_on_the_way(random_point(random), random_point(random), 0.01);
  }
}

TEST(Interpolate, Antipodes) {
  Random random(1, "geodesy/antipodes");
  for (int i = 0; i < 5'000; ++i) {
    const GeoPoint from = random_point(random);
    expect_on_the_way(from, {-from.lat, from.lon > 0 ? from.lon - 180 : from.lon + 180}, 0.02);
  }
}

// The great circle is defined here, but only barely.
TEST(Interpolate, AlmostAntipodes) {
  Random random(1, "geodesy/almost");
  for (const double off : {1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-3}) {
    SCOPED_TRACE(off);
    for (int i = 0; i < 500; ++i) {
      const GeoPoint from{random.uniform() * 170 - 85, random.uniform() * 360 - 180};
      const double lon = from.lon > 0 ? from.lon - 180 : from.lon + 180;
      expect_on_the_way(from, {-from.lat + off, lon}, 0.02);
    }
  }
}

TEST(Interpolate, PoleToPole) {
  expect_on_the_way({90, 0}, {-90, 0}, 0.02);
  expect_on_the_way({-90, 0}, {90, 0}, 0.02);
  expect_on_the_way({90, 30}, {-90, -100}, 0.02);
}

TEST(Interpolate, EndsAreExact) {
  const GeoPoint from{34.068930, -118.445127}, to{-33.9, 151.2};
  EXPECT_EQ(interpolate(from, to, 0), from);
  EXPECT_EQ(interpolate(from, to, 1), to);
  EXPECT_EQ(interpolate(from, to, -0.5), from);
  EXPECT_EQ(interpolate(from, to, 1.5), to);
  EXPECT_EQ(interpolate(from, from, 0.5), from);
}

TEST(Interpolate, CrossesTheAntimeridianTheShortWay) {
  const GeoPoint at = interpolate({0, 179}, {0, -179}, 0.25);
  EXPECT_NEAR(at.lon, 179.5, 1e-9);
  const GeoPoint beyond = interpolate({0, 179}, {0, -179}, 0.75);
  EXPECT_NEAR(beyond.lon, -179.5, 1e-9);
}

constexpr double kRadians = std::numbers::pi / 180;  // radians per degree

struct BearingRow {
  std::string_view name;
  GeoPoint from, to;
  double want_degrees;
};

constexpr BearingRow kBearings[] = {
    {"north", {10, 20}, {11, 20}, 0},
    {"east on the equator", {0, 20}, {0, 21}, 90},
    {"south", {11, 20}, {10, 20}, 180},
    {"west on the equator", {0, 21}, {0, 20}, 270},
    {"east across the antimeridian", {0, 179.5}, {0, -179.5}, 90},
    {"west across the antimeridian", {0, -179.5}, {0, 179.5}, 270},
    {"over the pole", {80, 0}, {80, 180}, 0},
    {"from the north pole", {90, 0}, {50, 0}, 180},
    {"from the north pole, seen from its meridian", {90, 0}, {50, 90}, 90},
    {"from the south pole", {-90, 0}, {50, 90}, 90},
    {"nowhere", {12, 34}, {12, 34}, 0},
    // By spherical trigonometry: tan = 1 / sin(45 degrees), for a quarter of a turn to the east.
    {"a quarter round from 45 degrees", {45, 0}, {45, 90}, 54.735610317245346},
    // Baghdad to Osaka: the worked example of Chris Veness's page on great circles.
    {"Baghdad to Osaka", {35, 45}, {35, 135}, 60.162},
};

TEST(InitialBearing, Known) {
  for (const auto& [name, from, to, want] : kBearings) {
    SCOPED_TRACE(name);
    const double tolerance = name == "Baghdad to Osaka" ? 5e-4 : 1e-9;
    EXPECT_NEAR(initial_bearing(from, to) / kRadians, want, tolerance);
  }
}

TEST(InitialBearing, IsInRangeAndRightForTheNearest) {
  Random random(1, "geodesy/bearing");
  for (int i = 0; i < 20'000; ++i) {
    const GeoPoint from{random.uniform() * 178 - 89, random.uniform() * 360 - 180};
    const GeoPoint any = random_point(random);
    ASSERT_GE(initial_bearing(from, any), 0);
    ASSERT_LT(initial_bearing(from, any), 2 * std::numbers::pi);
    // Over a metre, a flat Earth is accurate enough.
    const double east = random.uniform() - 0.5, north = random.uniform() - 0.5;
    const double metre = 1 / (kRadians * kEarthRadiusM);
    const GeoPoint near{from.lat + north * metre,
                        from.lon + east * metre / std::cos(from.lat * kRadians)};
    const double off = initial_bearing(from, near) - std::atan2(east, north);
    ASSERT_LT(std::abs(std::sin(off / 2)), 1e-4) << from.lat << ' ' << from.lon;
  }
}

struct DestinationRow {
  std::string_view name;
  GeoPoint from;
  double bearing_degrees, distance_m;
  GeoPoint want;
};

const DestinationRow kDestinations[] = {
    {"nowhere", {34, -118}, 77, 0, {34, -118}},
    {"a degree north", {34, -118}, 0, kOneDegree, {35, -118}},
    {"a degree south", {34, -118}, 180, kOneDegree, {33, -118}},
    {"a degree east on the equator", {0, 10}, 90, kOneDegree, {0, 11}},
    {"a degree west across the antimeridian", {0, -179.5}, 270, kOneDegree, {0, 179.5}},
    {"over the pole", {89, 30}, 0, 2 * kOneDegree, {89, -150}},
    {"from the pole", {90, 0}, 180, kOneDegree, {89, 0}},
    {"from the south pole", {-90, 0}, 90, kOneDegree, {-89, 90}},
    {"a quarter round from anywhere, eastwards", {45, 0}, 90, kHalfWay / 2, {0, 90}},
    {"half way round", {30, 40}, 123, kHalfWay, {-30, -140}},
    {"all the way round", {30, 40}, 123, 2 * kHalfWay, {30, 40}},
    // The worked example of Chris Veness's page on great circles, on its sphere of 6371 km.
    {"from 53°19'14\"N 1°43'47\"W",
     {53 + 19 / 60.0 + 14 / 3600.0, -(1 + 43 / 60.0 + 47 / 3600.0)},
     96 + 1 / 60.0 + 18 / 3600.0,
     124'800 * kEarthRadiusM / 6'371'000,
     {53 + 11 / 60.0 + 18 / 3600.0, 0 + 8 / 60.0 + 0 / 3600.0}},
};

TEST(Destination, Known) {
  for (const auto& [name, from, bearing, metres, want] : kDestinations) {
    SCOPED_TRACE(name);
    const GeoPoint to = destination(from, bearing * kRadians, metres);
    // Accurate to the arc second.
    const bool worked_example = name.find('\'') != std::string_view::npos;
    EXPECT_LT(reference_m(to, want), worked_example ? 20 : 1e-6) << to.lat << ' ' << to.lon;
  }
}

TEST(Destination, IsThereByDistanceAndBearing) {
  Random random(1, "geodesy/destination");
  for (const double farthest : {0.01, 1.0, 1e3, 1e6, 0.99 * kHalfWay}) {
    SCOPED_TRACE(farthest);
    for (int i = 0; i < 5'000; ++i) {
      const GeoPoint from = random_point(random);
      const double bearing = random.uniform() * 2 * std::numbers::pi;
      const double metres = random.uniform() * farthest;
      const GeoPoint to = destination(from, bearing, metres);
      ASSERT_TRUE(parse_location(format_location(to)));
      ASSERT_NEAR(reference_m(from, to), metres, 1e-7);
      // initial_bearing() must give the way back.
      ASSERT_LT(reference_m(destination(from, initial_bearing(from, to), metres), to), 1e-6);
    }
  }
}

struct FormatRow {
  std::string_view name;
  GeoPoint point;
  std::string_view want;
};

constexpr FormatRow kFormats[] = {
    {"the paper's", {34.068930, -118.445127}, "+34.068930-118.445127"},
    {"zero", {0, 0}, "+00.000000+000.000000"},
    {"minus zero", {-0.0, -0.0}, "+00.000000+000.000000"},
    {"too little for a sign", {-0.0000001, -0.0000001}, "+00.000000+000.000000"},
    {"a micro-degree", {-0.000001, 0.000001}, "-00.000001+000.000001"},
    {"few digits", {4, -8.5}, "+04.000000-008.500000"},
    {"rounded", {1.9999996, -1.9999994}, "+02.000000-001.999999"},
    {"the ends", {90, 180}, "+90.000000+180.000000"},
    {"the other ends", {-90, -180}, "-90.000000-180.000000"},
    {"rounded to the ends", {89.9999999, -179.9999999}, "+90.000000-180.000000"},
    {"beyond the ends", {90.1, 180.00001}, "+90.000000+180.000000"},
};

TEST(FormatLocation, Table) {
  for (const auto& [name, point, want] : kFormats) {
    SCOPED_TRACE(name);
    EXPECT_EQ(format_location(point), want);
    EXPECT_TRUE(scan_location(want));
  }
}

TEST(FormatLocation, IsReadBack) {
  Random random(1, "geodesy/format");
  for (int i = 0; i < 10'000; ++i) {
    const GeoPoint point = random_point(random);
    const std::string text = format_location(point);
    const auto read = parse_location(text);
    ASSERT_TRUE(read) << text;
    ASSERT_NEAR(read->lat, point.lat, 0.51e-6);
    ASSERT_NEAR(read->lon, point.lon, 0.51e-6);
    ASSERT_EQ(format_location(*read), text);
  }
}

std::string show(std::optional<GeoPoint> point) {
  if (!point) return "none";
  return std::to_string(point->lat) + ' ' + std::to_string(point->lon);
}

struct ParseRow {
  std::string_view name, text, want;
};

constexpr ParseRow kParses[] = {
    {"the paper's", "+34.068930-118.445127", "34.068930 -118.445127"},
    {"whole degrees", "-4+8", "-4.000000 8.000000"},
    {"zeros before and behind", "+0004.500-0008.250", "4.500000 -8.250000"},
    {"the ends", "-90.0+180.0", "-90.000000 180.000000"},
    {"out of range", "+90.1+0", "none"},
    {"no second sign", "+34118", "none"},
    {"a space", "+34 -118", "none"},
    {"empty", "", "none"},
};

TEST(ParseLocation, Table) {
  for (const auto& [name, text, want] : kParses) {
    SCOPED_TRACE(name);
    EXPECT_EQ(show(parse_location(text)), want);
  }
  EXPECT_EQ(show(parse_location("+1." + std::string(4000, '3') + "-2." + std::string(4000, '6'))),
            "1.333333 -2.666667");
}

}  // namespace
}  // namespace herd
