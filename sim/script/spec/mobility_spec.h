// How clients move, as a scenario says it.
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "core/geodesy.h"
#include "core/time.h"
#include "sim/script/spec/geo_area.h"

namespace sim {

using herd::Duration;
using herd::GeoPoint;

struct TraceData;  // sim/script/traces/trace_data.h

template <class T>
struct Range {
  T min{}, max{};  // min <= max
};

// Stands where it starts.
struct StillMobility {};

// Walks from its start along great circles to each point in turn, at a ground speed.
struct WaypointMobility {
  std::vector<GeoPoint> points;  // at least one
  double speed_mps = 0;          // > 0
  bool loop = false;             // after the last point: back to the start and on; else it stays
};

// Johnson and Maltz's random waypoint: to a point drawn in the area at a speed drawn from the
// range, a pause, and again (sim/script/mobility/random_waypoint.h).
struct RandomWaypointMobility {
  GeoArea area;
  Range<double> speed_mps;  // min > 0
  Range<Duration> pause;
};

// Liang and Haas's Gauss-Markov: speed and heading drift from step to step around their means,
// `memory` being how much of the last step stays. At the area's edge it turns
// (sim/script/mobility/gauss_markov.h). The area is at least four steps at the mean speed high.
struct GaussMarkovMobility {
  GeoArea area;
  double speed_mps = 0;            // the mean, > 0
  double speed_deviation_mps = 0;  // the standard deviation of the speed, >= 0
  double heading_deviation = 0.5;  // of the heading, radians, >= 0
  double memory = 0.75;            // in [0, 1]
  Duration step = std::chrono::seconds(1);
};

// Rhee et al.'s truncated Levy walk: flights whose lengths, and pauses whose times, have heavy
// tails: densities falling as x^-(1 + exponent) within the range (sim/script/mobility/levy_walk.h).
// The area is at least twice the shortest flight high.
struct LevyWalkMobility {
  GeoArea area;
  double speed_mps = 0;          // > 0
  Range<double> flight_m;        // min > 0
  double flight_exponent = 1.6;  // in (0, 3]
  Range<Duration> pause;         // max 0: none; else min > 0
  double pause_exponent = 0.8;   // in (0, 3]
};

// Goes where a file says: a member whose id is in the file as that client, another one, member n,
// as client n of the file. There are at least as many clients as members.
struct TraceMobility {
  std::shared_ptr<const TraceData> data;  // never null in a validated scenario
};

using Mobility = std::variant<StillMobility, WaypointMobility, RandomWaypointMobility,
                              GaussMarkovMobility, LevyWalkMobility, TraceMobility>;

}  // namespace sim
