// Properties of every model with an area, and the characteristic properties of each model.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/script/mobility/gauss_markov.h"
#include "sim/script/mobility/levy_walk.h"
#include "sim/script/mobility/random_waypoint.h"
#include "sim/script/spec/geo_area.h"
#include "tests/sim/script/test_places.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

using AreaMobility = std::variant<RandomWaypointMobility, GaussMarkovMobility, LevyWalkMobility>;

RandomWaypointMobility random_waypoint(const GeoArea& area, Range<double> speed,
                                       Range<Duration> pause) {
  RandomWaypointMobility out;
  out.area = area;
  out.speed_mps = speed;
  out.pause = pause;
  return out;
}

GaussMarkovMobility gauss_markov(const GeoArea& area, double speed, double speed_deviation,
                                 Duration step) {
  GaussMarkovMobility out;
  out.area = area;
  out.speed_mps = speed;
  out.speed_deviation_mps = speed_deviation;
  out.step = step;
  return out;
}

LevyWalkMobility levy_walk(const GeoArea& area, double speed, Range<double> flight,
                           Range<Duration> pause) {
  LevyWalkMobility out;
  out.area = area;
  out.speed_mps = speed;
  out.flight_m = flight;
  out.pause = pause;
  return out;
}

const GeoArea& area_of(const AreaMobility& mobility) {
  return std::visit([](const auto& each) -> const GeoArea& { return each.area; }, mobility);
}

Track track_of(const AreaMobility& mobility, std::uint64_t seed, Duration until,
               std::optional<GeoPoint> start = std::nullopt) {
  herd::Random random(seed, "client/c/mobility");
  if (const auto* waypoint = std::get_if<RandomWaypointMobility>(&mobility)) {
    return random_waypoint_track(*waypoint, start, until, random);
  }
  if (const auto* markov = std::get_if<GaussMarkovMobility>(&mobility)) {
    return gauss_markov_track(*markov, start, until, random);
  }
  return levy_walk_track(std::get<LevyWalkMobility>(mobility), start, until, random);
}

double seconds_of(Duration time) { return std::chrono::duration<double>(time).count(); }

struct Lengths {
  double metres = 0, moving_s = 0, resting_s = 0;
};

Lengths lengths_of(const Track& track, Duration until) {
  Lengths out;
  const std::vector<TrackPoint> knots = track.knots(until);
  for (std::size_t i = 1; i < knots.size(); ++i) {
    const double metres = herd::distance_m(knots[i - 1].point, knots[i].point);
    out.metres += metres;
    (metres > 0 ? out.moving_s : out.resting_s) += seconds_of(knots[i].at - knots[i - 1].at);
  }
  return out;
}

struct ModelRow {
  std::string_view name;
  AreaMobility mobility;
};

// Returns areas of every kind, with speeds that often lead to the edges.
std::vector<ModelRow> rows() {
  const GeoArea fiji{-20, 176, -15, -178};
  const GeoArea small_across{-17, 179.995, -16.99, -179.995};
  const GeoArea arctic{66.5, -180, 90, 180};
  const GeoArea pole{89.99, -180, 90, 180};
  const GeoArea south_pole_slice{-90, 30, -89.9, 160};
  const GeoArea band{60, 20, 60.1, 170};
  const GeoArea ribbon{60, 20, 60.0001, 100};  // 11 m high, 4,450 km wide
  const GeoArea world{-90, -180, 90, 180};
  return {
      {"a city, on foot", random_waypoint(kCity, {1, 2}, {0s, 30s})},
      {"across the antimeridian", random_waypoint(fiji, {100, 300}, {0s, 0s})},
      {"a few blocks across the antimeridian", random_waypoint(small_across, {5, 9}, {1s, 1s})},
      {"the Arctic", random_waypoint(arctic, {1000, 9000}, {0s, 1s})},
      {"a pole", random_waypoint(pole, {10, 20}, {0s, 0s})},
      {"a slice of the other pole", random_waypoint(south_pole_slice, {50, 60}, {0s, 0s})},
      {"a band", random_waypoint(band, {2000, 3000}, {0s, 0s})},
      {"a ribbon", random_waypoint(ribbon, {5, 5}, {0s, 0s})},
      {"the world", random_waypoint(world, {10'000, 90'000}, {0s, 0s})},
      {"a city, drifting", gauss_markov(kCity, 5 / 3.6, 1 / 3.6, 1s)},
      {"drifting fast", gauss_markov(kCity, 200, 80, 10s)},
      {"drifting across the antimeridian", gauss_markov(small_across, 20, 30, 5s)},
      {"drifting about a pole", gauss_markov(pole, 20, 5, 10s)},
      {"drifting at a slice of a pole", gauss_markov(south_pole_slice, 30, 5, 60s)},
      {"drifting in a ribbon", gauss_markov(ribbon, 2, 1, 1s)},
      {"flying in a city", levy_walk(kCity, 1.5, {10, 2000}, {1s, 5min})},
      {"flights longer than the city", levy_walk(kCity, 30, {100, 50'000}, {0s, 0s})},
      {"flights across the antimeridian", levy_walk(small_across, 10, {10, 5000}, {1s, 2s})},
      {"flights about a pole", levy_walk(pole, 10, {10, 5000}, {0s, 0s})},
      {"flights at a slice of a pole", levy_walk(south_pole_slice, 10, {10, 5000}, {0s, 0s})},
      {"flights in a ribbon", levy_walk(ribbon, 10, {5, 50'000}, {0s, 0s})},
      {"flights around the world", levy_walk(world, 50'000, {1e6, 1e7}, {0s, 0s})},
  };
}

TEST(MobilityModels, NeverLeaveTheirArea) {
  for (const auto& [name, mobility] : rows()) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE(std::string(name) + ", seed " + std::to_string(seed));
      const Track track = track_of(mobility, seed, 1h);
      for (Duration time(0); time <= 1h; time += 2'718'281'828ns) {
        const GeoPoint at = track.at(time);
        ASSERT_TRUE(contains(area_of(mobility), at)) << at.lat << ' ' << at.lon;
      }
      for (const TrackPoint& knot : track.knots(1h)) {
        ASSERT_TRUE(contains(area_of(mobility), knot.point));
      }
    }
  }
}

TEST(MobilityModels, CoverTheWholeTimeAndNoMore) {
  for (const auto& [name, mobility] : rows()) {
    SCOPED_TRACE(name);
    for (const Duration until : {Duration(1ns), Duration(1s), Duration(10min)}) {
      const std::vector<TrackPoint> knots = track_of(mobility, 1, until).knots(1h);
      EXPECT_EQ(knots.front().at, 0s);
      EXPECT_EQ(knots.back().at, until);
      for (std::size_t i = 1; i < knots.size(); ++i) ASSERT_GE(knots[i].at, knots[i - 1].at);
    }
  }
}

// A longer run begins in the same way.
TEST(MobilityModels, DoNotDependOnTheLengthOfTheRun) {
  for (const auto& [name, mobility] : rows()) {
    SCOPED_TRACE(name);
    const Track brief = track_of(mobility, 7, 10min), lengthy = track_of(mobility, 7, 1h);
    for (Duration time(0); time <= 10min; time += 3'141'592'653ns) {
      ASSERT_LT(herd::distance_m(brief.at(time), lengthy.at(time)), 1e-3);
    }
  }
}

TEST(MobilityModels, FollowTheirSeed) {
  for (const auto& [name, mobility] : rows()) {
    SCOPED_TRACE(name);
    const auto knots = track_of(mobility, 1, 10min).knots(10min);
    EXPECT_EQ(track_of(mobility, 1, 10min).knots(10min), knots);
    EXPECT_NE(track_of(mobility, 2, 10min).knots(10min), knots);
  }
}

TEST(MobilityModels, StartWhereTheyAreToldTo) {
  const GeoPoint corner{34.1, -118.5};
  for (const AreaMobility& mobility : {AreaMobility(random_waypoint(kCity, {1, 2}, {0s, 0s})),
                                       AreaMobility(gauss_markov(kCity, 1, 0.2, 1s)),
                                       AreaMobility(levy_walk(kCity, 1, {10, 2000}, {0s, 0s}))}) {
    EXPECT_EQ(track_of(mobility, 1, 1h, corner).at(0s), corner);
    EXPECT_NE(track_of(mobility, 1, 1h).at(0s), corner);
  }
}

// An hour's walk at 5 km/h is 5 km long, in every model.
TEST(MobilityModels, SpeedsAreGroundSpeeds) {
  constexpr double kSpeed = 5 / 3.6;
  for (const GeoArea& area : {kCity, GeoArea{-17, 179.95, -16.9, -179.95},
                              GeoArea{89.9, -180, 90, 180}, GeoArea{70, 10, 70.2, 11}}) {
    for (const AreaMobility& mobility :
         {AreaMobility(random_waypoint(area, {kSpeed, kSpeed}, {0s, 0s})),
          AreaMobility(gauss_markov(area, kSpeed, 0, 1s)),
          AreaMobility(levy_walk(area, kSpeed, {10, 2000}, {0s, 0s}))}) {
      SCOPED_TRACE(mobility.index());
      const Lengths lengths = lengths_of(track_of(mobility, 3, 1h), 1h);
      EXPECT_NEAR(lengths.metres, 5000, 5000e-6);
      EXPECT_EQ(lengths.resting_s, 0);
    }
  }
}

TEST(MobilityModels, PausesDoNotCountAsWays) {
  constexpr double kSpeed = 10;
  for (const AreaMobility& mobility :
       {AreaMobility(random_waypoint(kCity, {kSpeed, kSpeed}, {10s, 50s})),
        AreaMobility(levy_walk(kCity, kSpeed, {100, 2000}, {5s, 5min}))}) {
    SCOPED_TRACE(mobility.index());
    const Lengths lengths = lengths_of(track_of(mobility, 3, 10h), 10h);
    EXPECT_NEAR(lengths.metres / (kSpeed * lengths.moving_s), 1, 1e-6);
    EXPECT_GT(lengths.resting_s, 0);
    EXPECT_NEAR(lengths.moving_s + lengths.resting_s, 36'000, 1e-6);
  }
}

TEST(RandomWaypoint, SpeedsAndPausesAreUniformInTheirRanges) {
  const auto knots = track_of(random_waypoint(kCity, {10, 20}, {10s, 50s}), 1, 5000h).knots(5000h);
  double speeds = 0, pauses = 0;
  int legs = 0, stays = 0;
  for (std::size_t i = 1; i + 1 < knots.size(); ++i) {  // the last leg is cut off
    const double metres = herd::distance_m(knots[i - 1].point, knots[i].point);
    const double took_s = seconds_of(knots[i].at - knots[i - 1].at);
    if (metres == 0) {
      ASSERT_GE(took_s, 10);
      ASSERT_LE(took_s, 50);
      pauses += took_s;
      ++stays;
    } else {
      ASSERT_GE(metres / took_s, 10 * (1 - 1e-6));
      ASSERT_LE(metres / took_s, 20 * (1 + 1e-6));
      speeds += metres / took_s;
      ++legs;
    }
  }
  ASSERT_GT(legs, 20'000);
  // The standard deviation of a uniform number is its range divided by sqrt(12).
  EXPECT_NEAR(speeds / legs, 15, 5 * 10 / std::sqrt(12.0 * legs));
  EXPECT_NEAR(pauses / stays, 30, 5 * 40 / std::sqrt(12.0 * stays));
  EXPECT_NEAR(stays, legs, 1);
}

// The speeds of the steps have the right mean, deviation and memory.
TEST(GaussMarkov, SpeedsHaveTheirMoments) {
  constexpr double kMean = 10, kDeviation = 1, kMemory = 0.75;
  GaussMarkovMobility mobility = gauss_markov({30, 10, 50, 40}, kMean, kDeviation, 1s);
  mobility.memory = kMemory;
  const auto knots = track_of(mobility, 1, 30h).knots(30h);
  std::vector<double> speeds;
  for (std::size_t i = 1; i < knots.size(); ++i) {
    speeds.push_back(herd::distance_m(knots[i - 1].point, knots[i].point));
  }
  ASSERT_EQ(speeds.size(), 108'000U);
  double sum = 0, squares = 0, products = 0;
  for (std::size_t i = 0; i < speeds.size(); ++i) {
    const double off = speeds[i] - kMean;
    sum += off;
    squares += off * off;
    if (i > 0) products += off * (speeds[i - 1] - kMean);
  }
  const double n = static_cast<double>(speeds.size());
  // Consecutive speeds are correlated: n of them count like n (1 - m) / (1 + m) independent ones.
  const double chance = 5 / std::sqrt(n * (1 - kMemory) / (1 + kMemory));
  EXPECT_NEAR(sum / n, 0, kDeviation * chance);
  EXPECT_NEAR(squares / n, kDeviation * kDeviation, std::sqrt(2.0) * chance);
  EXPECT_NEAR(products / squares, kMemory, chance);
}

TEST(GaussMarkov, WithAllItsMemoryGoesStraight) {
  GaussMarkovMobility mobility = gauss_markov({-60, -150, 60, 150}, 10, 1, 1s);
  mobility.memory = 1;
  const auto knots = track_of(mobility, 1, 1h, GeoPoint{0, 0}).knots(1h);
  const double bearing = herd::initial_bearing(knots[0].point, knots[1].point);
  const double metres = herd::distance_m(knots[0].point, knots[1].point);
  for (std::size_t i = 1; i < knots.size(); ++i) {
    ASSERT_NEAR(herd::initial_bearing(knots[i - 1].point, knots[i].point), bearing, 1e-6);
    ASSERT_NEAR(herd::distance_m(knots[i - 1].point, knots[i].point), metres, 1e-6);
  }
}

TEST(GaussMarkov, KeepsSpeedsBetweenZeroAndTwiceTheMean) {
  const auto knots = track_of(gauss_markov(kCity, 2, 10, 1s), 1, 1h).knots(1h);
  int stood = 0, fastest = 0;
  for (std::size_t i = 1; i < knots.size(); ++i) {
    const double metres = herd::distance_m(knots[i - 1].point, knots[i].point);
    ASSERT_LE(metres, 4 + 1e-6);
    stood += metres == 0;
    fastest += metres > 4 - 1e-6;
  }
  EXPECT_GT(stood, 100);
  EXPECT_GT(fastest, 100);
}

// Flights and pauses have heavy tails: the share beyond some lengths is that of the bounded Pareto
// distribution. The area is so large that hardly any flight meets its edge.
TEST(LevyWalk, FlightsAndPausesAreBoundedPareto) {
  LevyWalkMobility mobility = levy_walk({30, 10, 50, 40}, 10, {10, 2000}, {1s, 300s});
  mobility.flight_exponent = 1.6;
  mobility.pause_exponent = 0.8;
  const auto knots = track_of(mobility, 1, 300h, GeoPoint{40, 25}).knots(300h);
  std::vector<double> flights, pauses;
  for (std::size_t i = 1; i + 1 < knots.size(); ++i) {
    const double metres = herd::distance_m(knots[i - 1].point, knots[i].point);
    const double took_s = seconds_of(knots[i].at - knots[i - 1].at);
    metres > 0 ? flights.push_back(metres) : pauses.push_back(took_s);
  }
  ASSERT_GT(flights.size(), 20'000U);
  const auto expect_pareto = [](const std::vector<double>& values, double min, double max,
                                double exponent) {
    const double n = static_cast<double>(values.size());
    for (const double part : {0.005, 0.02, 0.1, 0.5}) {
      const double at = min + part * (max - min);
      const double share = (1 - std::pow(min / at, exponent)) / (1 - std::pow(min / max, exponent));
      const auto below =
          std::count_if(values.begin(), values.end(), [&](double value) { return value < at; });
      EXPECT_NEAR(static_cast<double>(below), share * n, 5 * std::sqrt(n * share * (1 - share)))
          << at;
    }
    EXPECT_GE(*std::min_element(values.begin(), values.end()), min * (1 - 1e-6));
    EXPECT_LE(*std::max_element(values.begin(), values.end()), max * (1 + 1e-6));
  };
  expect_pareto(flights, 10, 2000, 1.6);
  expect_pareto(pauses, 1, 300, 0.8);
}

TEST(LevyWalk, GoesInEveryDirection) {
  const auto knots =
      track_of(levy_walk({30, 10, 50, 40}, 10, {10, 2000}, {0s, 0s}), 1, 300h, GeoPoint{40, 25})
          .knots(300h);
  std::vector<int> counts(12);
  for (std::size_t i = 1; i < knots.size(); ++i) {
    const double bearing = herd::initial_bearing(knots[i - 1].point, knots[i].point);
    ++counts[static_cast<std::size_t>(bearing / (2 * std::numbers::pi) * 12)];
  }
  const double n = static_cast<double>(knots.size() - 1);
  for (const int count : counts) {
    EXPECT_NEAR(count, n / 12, 5 * std::sqrt(n / 12 * 11 / 12));
  }
}

}  // namespace
}  // namespace sim
