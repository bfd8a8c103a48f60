#include "sim/plan/mobility.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numbers>
#include <vector>

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::distance_m;

constexpr double kDegreeM = herd::kEarthRadiusM * std::numbers::pi / 180;
constexpr GeoPoint kHome{34.068930, -118.445127};

void expect_near(GeoPoint at, GeoPoint expected) {
  EXPECT_LT(distance_m(at, expected), 0.01)
      << at.lat << " " << at.lon << ", not " << expected.lat << " " << expected.lon;
}

TEST(Track, StillStaysWhereItStarts) {
  const Track track(kHome, StillMobility{});
  EXPECT_EQ(track.at(0s), kHome);
  EXPECT_EQ(track.at(100h), kHome);
}

TEST(Track, AnHourAtFiveKilometresAnHourIsFiveKilometres) {
  const Track track(kHome, WaypointMobility{{{35, -118.445127}}, 5000.0 / 3600, false});
  EXPECT_NEAR(distance_m(kHome, track.at(1h)), 5000, 0.01);
  EXPECT_NEAR(distance_m(kHome, track.at(30min)), 2500, 0.01);
  // Straight north along its meridian.
  EXPECT_NEAR(track.at(1h).lat, kHome.lat + 5000 / kDegreeM, 1e-9);
  EXPECT_NEAR(track.at(1h).lon, kHome.lon, 1e-9);
}

TEST(Track, ReachesItsWaypointsInTime) {
  // A degree along the equator, then two up a meridian, at a tenth of a degree a second.
  const Track track({0, 0}, WaypointMobility{{{0, 1}, {2, 1}}, kDegreeM / 10, false});
  expect_near(track.at(0s), {0, 0});
  expect_near(track.at(5s), {0, 0.5});
  expect_near(track.at(10s), {0, 1});
  expect_near(track.at(15s), {0.5, 1});
  expect_near(track.at(30s), {2, 1});
  // And stays at the last.
  EXPECT_EQ(track.at(31s), (GeoPoint{2, 1}));
  EXPECT_EQ(track.at(1000h), (GeoPoint{2, 1}));
}

TEST(Track, LoopsBackToItsStart) {
  // There and back: two degrees around.
  const Track track({0, 0}, WaypointMobility{{{0, 1}}, kDegreeM / 10, true});
  for (const auto round : {0s, 20s, 2000s}) {
    expect_near(track.at(round + 5s), {0, 0.5});
    expect_near(track.at(round + 10s), {0, 1});
    expect_near(track.at(round + 15s), {0, 0.5});
    expect_near(track.at(round + 19s), {0, 0.1});
  }
}

TEST(Track, TimesMayBeAskedInAnyOrder) {
  const Track track({0, 0}, WaypointMobility{{{0, 1}, {2, 1}}, kDegreeM / 10, true});
  const GeoPoint late = track.at(25s), early = track.at(5s);
  EXPECT_EQ(track.at(25s), late);
  EXPECT_EQ(track.at(5s), early);
}

TEST(Track, WaypointsThatAreNoWayAreSkipped) {
  const Track track({0, 0},
                    WaypointMobility{{{0, 0}, {0, 1}, {0, 1}, {1, 1}}, kDegreeM / 10, false});
  expect_near(track.at(5s), {0, 0.5});
  expect_near(track.at(10s), {0, 1});
  expect_near(track.at(15s), {0.5, 1});
  const Track nowhere(kHome, WaypointMobility{{kHome}, 1, true});
  EXPECT_EQ(nowhere.at(1h), kHome);
}

TEST(Track, CrossesTheAntimeridian) {
  const Track track({0, 179.5}, WaypointMobility{{{0, -179.5}}, kDegreeM / 10, false});
  expect_near(track.at(2500ms), {0, 179.75});
  expect_near(track.at(7500ms), {0, -179.75});
}

TEST(Track, TakesTheGreatCircle) {
  // Over the pole, not along the parallel.
  const Track track({80, 0}, WaypointMobility{{{80, 180}}, kDegreeM, false});
  EXPECT_NEAR(track.at(10s).lat, 90, 1e-6);
  expect_near(track.at(15s), {85, 180});
}

}  // namespace
}  // namespace sim
