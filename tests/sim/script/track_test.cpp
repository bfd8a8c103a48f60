#include "sim/script/mobility/track.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "sim/script/mobility/sample_track.h"
#include "sim/script/mobility/waypoints.h"
#include "tests/sim/script/test_places.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using herd::distance_m;

constexpr GeoPoint kHome{34.068930, -118.445127};

Track track_of(GeoPoint start, const WaypointMobility& mobility) {
  return waypoint_track(mobility, start, 8760h);
}

void expect_near(GeoPoint at, GeoPoint expected) {
  EXPECT_LT(distance_m(at, expected), 0.01)
      << at.lat << " " << at.lon << ", not " << expected.lat << " " << expected.lon;
}

TEST(Track, StillStaysWhereItStarts) {
  const Track track(kHome);
  EXPECT_EQ(track.at(0s), kHome);
  EXPECT_EQ(track.at(100h), kHome);
}

TEST(Track, AnHourAtFiveKilometresAnHourIsFiveKilometres) {
  const Track track = track_of(kHome, WaypointMobility{{{35, -118.445127}}, 5000.0 / 3600, false});
  EXPECT_NEAR(distance_m(kHome, track.at(1h)), 5000, 0.01);
  EXPECT_NEAR(distance_m(kHome, track.at(30min)), 2500, 0.01);
  // Straight north along its meridian.
  EXPECT_NEAR(track.at(1h).lat, kHome.lat + 5000 / kDegreeM, 1e-9);
  EXPECT_NEAR(track.at(1h).lon, kHome.lon, 1e-9);
}

TEST(Track, ReachesItsWaypointsInTime) {
  // One degree along the equator, then two up a meridian, at a tenth of a degree per second.
  const Track track = track_of({0, 0}, WaypointMobility{{{0, 1}, {2, 1}}, kDegreeM / 10, false});
  expect_near(track.at(0s), {0, 0});
  expect_near(track.at(5s), {0, 0.5});
  expect_near(track.at(10s), {0, 1});
  expect_near(track.at(15s), {0.5, 1});
  expect_near(track.at(30s), {2, 1});
  // It stays at the last point.
  EXPECT_EQ(track.at(31s), (GeoPoint{2, 1}));
  EXPECT_EQ(track.at(1000h), (GeoPoint{2, 1}));
}

TEST(Track, LoopsBackToItsStart) {
  // There and back: two degrees per round.
  const Track track = track_of({0, 0}, WaypointMobility{{{0, 1}}, kDegreeM / 10, true});
  for (const auto round : {0s, 20s, 2000s}) {
    expect_near(track.at(round + 5s), {0, 0.5});
    expect_near(track.at(round + 10s), {0, 1});
    expect_near(track.at(round + 15s), {0, 0.5});
    expect_near(track.at(round + 19s), {0, 0.1});
  }
}

TEST(Track, TimesMayBeAskedInAnyOrder) {
  const Track track = track_of({0, 0}, WaypointMobility{{{0, 1}, {2, 1}}, kDegreeM / 10, true});
  const GeoPoint late = track.at(25s), early = track.at(5s);
  EXPECT_EQ(track.at(25s), late);
  EXPECT_EQ(track.at(5s), early);
}

TEST(Track, WaypointsThatAreNoWayAreSkipped) {
  const Track track =
      track_of({0, 0}, WaypointMobility{{{0, 0}, {0, 1}, {0, 1}, {1, 1}}, kDegreeM / 10, false});
  expect_near(track.at(5s), {0, 0.5});
  expect_near(track.at(10s), {0, 1});
  expect_near(track.at(15s), {0.5, 1});
  const Track nowhere = track_of(kHome, WaypointMobility{{kHome}, 1, true});
  EXPECT_EQ(nowhere.at(1h), kHome);
}

TEST(Track, CrossesTheAntimeridian) {
  const Track track = track_of({0, 179.5}, WaypointMobility{{{0, -179.5}}, kDegreeM / 10, false});
  expect_near(track.at(2500ms), {0, 179.75});
  expect_near(track.at(7500ms), {0, -179.75});
}

TEST(Track, TakesTheGreatCircle) {
  // Over the pole, not along the parallel.
  const Track track = track_of({80, 0}, WaypointMobility{{{80, 180}}, kDegreeM, false});
  EXPECT_NEAR(track.at(10s).lat, 90, 1e-6);
  expect_near(track.at(15s), {85, 180});
}

// A round of 2 degrees, at a speed for which it is not a whole number of nanoseconds long.
TEST(Track, AMillionRoundsEndWhenTheyShould) {
  const double speed = 12'345.678;
  const Track track = track_of({0, 0}, WaypointMobility{{{0, 1}}, speed, true});
  const double period_s = 2 * kDegreeM / speed;
  for (const double round : {1.0, 1e3, 1e6}) {
    const Duration quarter(std::llround((round + 0.25) * period_s * 1e9));
    expect_near(track.at(quarter), {0, 0.5});
  }
}

TEST(Track, HasTheKnotsOfEveryRound) {
  // 0.1 degrees per second: it arrives after 10 s and is back after 20 s.
  const Track track = track_of({0, 0}, WaypointMobility{{{0, 1}}, kDegreeM / 10, true});
  const std::vector<TrackPoint> knots = track.knots(45s);
  ASSERT_EQ(knots.size(), 5U);
  for (std::size_t i = 0; i < knots.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(knots[i].at.count()), static_cast<double>(i) * 1e10, 5);
    expect_near(knots[i].point, {0, i % 2 == 0 ? 0.0 : 1.0});
  }
  EXPECT_EQ(track.knots(9s).size(), 1U);
}

// A track that was made until some time is exact up to that time, and its knots end there.
TEST(Track, EndsWithTheRun) {
  const WaypointMobility mobility{{{0, 1}, {2, 1}}, kDegreeM / 10, true};
  const Track whole = track_of({0, 0}, mobility);
  for (const Duration until : {Duration(1ns), Duration(5s), Duration(10s), Duration(15s),
                               Duration(52s), Duration(53s), Duration(1h)}) {
    const Track track = waypoint_track(mobility, {0, 0}, until);
    for (int i = 0; i <= 20; ++i) {
      expect_near(track.at(until * i / 20), whole.at(until * i / 20));
    }
    EXPECT_LE(track.knots(until).back().at, until);
  }
}

TEST(Track, StandsAtItsEnds) {
  const Track track(std::vector<TrackPoint>{{10s, {0, 0}}, {20s, {0, 1}}});
  EXPECT_EQ(track.at(0s), (GeoPoint{0, 0}));
  EXPECT_EQ(track.at(10s), (GeoPoint{0, 0}));
  expect_near(track.at(15s), {0, 0.5});
  EXPECT_EQ(track.at(20s), (GeoPoint{0, 1}));
  EXPECT_EQ(track.at(1h), (GeoPoint{0, 1}));
}

TEST(Track, JumpsWhereTwoKnotsHaveOneTime) {
  const Track track(std::vector<TrackPoint>{{0s, {0, 0}}, {10s, {0, 1}}, {10s, {5, 5}}});
  expect_near(track.at(9999ms), {0, 0.9999});
  EXPECT_EQ(track.at(10s), (GeoPoint{5, 5}));
}

TEST(SampleTrack, HasEachKnotEveryTimeAndTheEnd) {
  const Track track(std::vector<TrackPoint>{
      {500ms, {0, 0}}, {2s, {0, 1}}, {2500ms, {1, 1}}, {2500ms, {2, 2}}, {10s, {2, 3}}});
  std::vector<Duration> times;
  for (const TrackPoint& sample : sample_track(track, 1s, 4200ms)) {
    times.push_back(sample.at);
    if (sample.at != 2500ms) {
      EXPECT_EQ(sample.point, track.at(sample.at));
    }
  }
  EXPECT_EQ(times, (std::vector<Duration>{0s, 500ms, 1s, 2s, 2500ms, 2500ms, 3s, 4s, 4200ms}));
}

TEST(SampleTrack, GoesTheSameWay) {
  const WaypointMobility mobility{{{0, 1}, {2, 1}, {80, 170}}, kDegreeM / 3, true};
  const Track track = track_of({0, 0}, mobility);
  const Track again(sample_track(track, 700ms, 20min));
  for (Duration time(0); time <= 20min; time += 123'456'789ns) {
    ASSERT_LT(distance_m(track.at(time), again.at(time)), 1e-3);
  }
}

}  // namespace
}  // namespace sim
