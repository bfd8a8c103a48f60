// How clients move, as a scenario describes it.
#pragma once

#include <memory>
#include <string>
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

// Stays at its start.
struct StillMobility {};

// Walks from its start to each point in turn, along great circles, at this ground speed.
struct WaypointMobility {
  std::vector<GeoPoint> points;  // at least one
  double speed_mps = 0;          // > 0
  bool loop = false;  // after the last point: true goes back to the start and repeats, false stays
};

// Johnson and Maltz's random waypoint: walks to a point drawn in the area, at a speed drawn from
// the range; pauses; repeats (sim/script/mobility/random_waypoint.h).
struct RandomWaypointMobility {
  GeoArea area;
  Range<double> speed_mps;  // min > 0
  Range<Duration> pause;
};

// Liang and Haas's Gauss-Markov model (sim/script/mobility/gauss_markov.h). Speed and heading drift
// from step to step around their means; `memory` is the part of the last step that stays. A client
// turns at the area's edge. The area's height is at least four steps at the mean speed.
struct GaussMarkovMobility {
  GeoArea area;
  double speed_mps = 0;            // the mean, > 0
  double speed_deviation_mps = 0;  // the standard deviation of the speed, >= 0
  double heading_deviation = 0.5;  // the standard deviation of the heading, radians, >= 0
  double memory = 0.75;            // in [0, 1]
  Duration step = std::chrono::seconds(1);
};

// Rhee et al.'s truncated Levy walk (sim/script/mobility/levy_walk.h). The lengths of flights and
// the times of pauses have heavy tails: their densities fall as x^-(1 + exponent) within the range.
// The area's height is at least twice the shortest flight.
struct LevyWalkMobility {
  GeoArea area;
  double speed_mps = 0;          // > 0
  Range<double> flight_m;        // min > 0
  double flight_exponent = 1.6;  // in (0, 3]
  Range<Duration> pause;         // max 0: no pauses; else min > 0
  double pause_exponent = 0.8;   // in (0, 3]
};

// Follows a trace file. A member whose id is in the file moves as that client. Any other member n
// moves as client n of the file. The file has at least as many clients as the group has members.
struct TraceMobility {
  std::shared_ptr<const TraceData> data;  // never null in a validated scenario
  std::string file = {};                  // the file's path
};

using Mobility = std::variant<StillMobility, WaypointMobility, RandomWaypointMobility,
                              GaussMarkovMobility, LevyWalkMobility, TraceMobility>;

}  // namespace sim
