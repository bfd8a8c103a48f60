// Where somebody has been: the samples of a trace file, by client.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "sim/script/traces/track_point.h"

namespace sim {

// The latest time that a sample may have.
inline constexpr herd::Duration kMaxTraceTime = std::chrono::hours(8760);

struct TraceClient {
  std::string id;                   // as the file says it; empty for a GPX track without a name
  std::vector<TrackPoint> samples;  // at least one; times do not go back
};

struct TraceData {
  std::vector<TraceClient> clients;  // at least one, in the order in which the file names them
  std::unordered_map<std::string, std::size_t> by_id;  // the first client of each id

  // The first client of that id; null where there is none.
  const TraceClient* find(const std::string& id) const;
};

// What is wrong with a trace file, and where.
struct TraceProblem {
  std::size_t line = 1;  // from 1
  std::string what;      // the column, attribute or element, as `lat`
  std::string wrong;
  std::string right;  // what would be right; empty where there is nothing to say
};
using TraceProblems = std::vector<TraceProblem>;

}  // namespace sim
