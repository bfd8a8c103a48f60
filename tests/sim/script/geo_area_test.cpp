#include "sim/script/spec/geo_area.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <vector>

#include "tests/sim/script/test_places.h"

namespace sim {
namespace {

constexpr GeoArea kFiji{-20, 176, -15, -178};  // across the antimeridian
constexpr GeoArea kArctic{66.5, -180, 90, 180};
constexpr GeoArea kWorld{-90, -180, 90, 180};

struct ContainsRow {
  std::string_view name;
  GeoArea area;
  GeoPoint point;
  bool want;
};

constexpr ContainsRow kContains[] = {
    {"the middle", kCity, {34.05, -118.45}, true},
    {"the south-west corner", kCity, {34.0, -118.5}, true},
    {"the north-east corner", kCity, {34.1, -118.4}, true},
    {"south of it", kCity, {33.999999, -118.45}, false},
    {"north of it", kCity, {34.100001, -118.45}, false},
    {"west of it", kCity, {34.05, -118.500001}, false},
    {"east of it", kCity, {34.05, -118.399999}, false},
    {"the antimeridian", kFiji, {-17, 180}, true},
    {"its other name", kFiji, {-17, -180}, true},
    {"on the western side", kFiji, {-17, 176}, true},
    {"on the eastern side", kFiji, {-17, -178}, true},
    {"too far west", kFiji, {-17, 175.99}, false},
    {"too far east", kFiji, {-17, -177.99}, false},
    {"the other side of the Earth", kFiji, {-17, 0}, false},
    {"the pole", kArctic, {90, 12}, true},
    {"the pole of a slice", {80, 10, 90, 20}, {90, -100}, true},
    {"anywhere in the Arctic", kArctic, {70, 179.9}, true},
    {"not in the Arctic", kArctic, {66, 0}, false},
    {"anywhere", kWorld, {-12, 34}, true},
};

TEST(GeoArea, Contains) {
  for (const auto& [name, area, point, want] : kContains) {
    EXPECT_EQ(contains(area, point), want) << name;
  }
}

struct WayRow {
  std::string_view name;
  GeoArea area;
  GeoPoint from, to;
  bool want;
};

constexpr WayRow kWays[] = {
    {"nowhere", kCity, {34.1, -118.5}, {34.1, -118.5}, true},
    {"along the northern parallel", kCity, {34.1, -118.5}, {34.1, -118.4}, false},
    {"along the southern parallel", kCity, {34.0, -118.5}, {34.0, -118.4}, true},
    {"the same in the south", {-34.1, 10, -34, 11}, {-34.1, 10}, {-34.1, 11}, false},
    {"and its northern parallel", {-34.1, 10, -34, 11}, {-34, 10}, {-34, 11}, true},
    {"along a meridian", kCity, {34.0, -118.5}, {34.1, -118.5}, true},
    {"along the equator", {0, 10, 1, 20}, {0, 10}, {0, 20}, true},
    {"from corner to corner", kCity, {34.0, -118.5}, {34.1, -118.4}, true},
    {"across the antimeridian", kFiji, {-16, 177}, {-17, -179}, true},
    {"over the pole", kArctic, {80, 0}, {80, 180}, true},
    {"over a pole that it lacks", {66.5, -180, 89, 180}, {80, 0}, {80, 180}, false},
    {"the short way round is outside", {-10, -150, 10, 150}, {0, -149}, {0, 149}, false},
    {"the short way round is inside", {-10, -150, 10, 150}, {0, -80}, {0, 80}, true},
    {"round the world", {-10, -180, 10, 180}, {0, -149}, {0, 149}, true},
};

TEST(GeoArea, ContainsWay) {
  for (const auto& [name, area, from, to, want] : kWays) {
    EXPECT_EQ(contains_way(area, from, to), want) << name;
    EXPECT_EQ(contains_way(area, to, from), want) << name << ", back";
  }
}

constexpr std::array kAreas = {
    kCity,
    kFiji,
    kArctic,
    kWorld,
    GeoArea{-90, 30, -60, 160},
    GeoArea{60, 20, 61, 170},
    GeoArea{-10, -150, 10, 150},
    GeoArea{89.99, -180, 90, 180},
    GeoArea{34, 179.9999, 34.0001, -179.9999},
};

// Compares with a hundred points on the way.
TEST(GeoArea, ContainsWayAsItsPointsSay) {
  for (const GeoArea& area : kAreas) {
    herd::Random random(1, "area/way");
    int inside = 0;
    for (int i = 0; i < 2'000; ++i) {
      const GeoPoint from = draw_point(area, random), to = draw_point(area, random);
      if (!contains_way(area, from, to)) continue;
      ++inside;
      for (int part = 0; part <= 100; ++part) {
        const GeoPoint at = herd::interpolate(from, to, part / 100.0);
        ASSERT_TRUE(contains(area, at))
            << area.south << ' ' << area.west << ": " << at.lat << ' ' << at.lon;
      }
    }
    EXPECT_GT(inside, 200) << area.south << ' ' << area.west;
  }
}

TEST(GeoArea, DrawsEverySquareMetreAsOften) {
  constexpr int kDraws = 40'000, kBands = 10;
  for (const GeoArea& area : kAreas) {
    herd::Random random(1, "area/point");
    // Bands of equal size: their edges are at equal steps of the sine of the latitude, and of the
    // longitude.
    std::array<int, kBands> by_lat{}, by_lon{};
    const auto sine = [](double degrees) { return std::sin(degrees * std::numbers::pi / 180); };
    const double width = area.east - area.west + (area.east > area.west ? 0 : 360);
    for (int i = 0; i < kDraws; ++i) {
      const GeoPoint point = draw_point(area, random);
      ASSERT_TRUE(contains(area, point)) << point.lat << ' ' << point.lon;
      ASSERT_GE(point.lon, -180);
      ASSERT_LE(point.lon, 180);
      const double up =
          (sine(point.lat) - sine(area.south)) / (sine(area.north) - sine(area.south));
      const double east = point.lon - area.west + (point.lon < area.west ? 360 : 0);
      ++by_lat[std::min<std::size_t>(kBands - 1, static_cast<std::size_t>(up * kBands))];
      ++by_lon[std::min<std::size_t>(kBands - 1, static_cast<std::size_t>(east / width * kBands))];
    }
    constexpr double kShare = 1.0 / kBands;
    const double chance = 5 * std::sqrt(kDraws * kShare * (1 - kShare));
    for (std::size_t band = 0; band < kBands; ++band) {
      EXPECT_NEAR(by_lat[band], kDraws * kShare, chance) << area.south << " band " << band;
      EXPECT_NEAR(by_lon[band], kDraws * kShare, chance) << area.west << " band " << band;
    }
  }
}

TEST(GeoArea, Sizes) {
  EXPECT_NEAR(height_m(kCity), 0.1 * kDegreeM, 1e-3);
  EXPECT_NEAR(width_m(kFiji), 6 * kDegreeM * std::cos(15 * std::numbers::pi / 180), 1e-3);
  EXPECT_NEAR(width_m({-5, 179, 7, -179}), 2 * kDegreeM, 1e-3);
  EXPECT_GT(width_m(kArctic), 15e6);
  EXPECT_EQ(width_m({0, 180, 1, -180}), 0);
  EXPECT_EQ(width_m({0, 20, 1, 20}), 0);
}

TEST(GeoArea, AlongTheMeridianIsInside) {
  for (const GeoArea& area : kAreas) {
    herd::Random random(1, "area/meridian");
    for (int i = 0; i < 1'000; ++i) {
      const GeoPoint from = draw_point(area, random);
      const double metres = random.uniform() * height_m(area) / 2;
      const GeoPoint to = along_meridian(area, from, metres);
      ASSERT_TRUE(contains(area, to));
      ASSERT_NEAR(herd::distance_m(from, to), metres, 1e-6 + metres * 1e-6);
    }
  }
}

TEST(GeoArea, StartsWhereItIsToldTo) {
  herd::Random random(1, "area/start");
  EXPECT_EQ(start_in(kCity, GeoPoint{34.05, -118.45}, random), (GeoPoint{34.05, -118.45}));
  // At a pole the start gets a meridian of the area.
  EXPECT_EQ(start_in({80, 170, 90, -170}, GeoPoint{90, 0}, random), (GeoPoint{90, 180}));
  EXPECT_TRUE(contains(kCity, start_in(kCity, std::nullopt, random)));
}

}  // namespace
}  // namespace sim
