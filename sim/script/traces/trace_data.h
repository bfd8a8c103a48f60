// The samples of a trace file, by client.
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

// From when a file's times count.
enum class TraceFrom {
  kRun,    // from the run's start
  kFirst,  // from the earliest time in the file
};

struct TraceClient {
  std::string id;                   // as in the file; empty for a GPX track without a name
  std::vector<TrackPoint> samples;  // at least one; times do not decrease
};

struct TraceData {
  std::vector<TraceClient> clients;                    // at least one; in the file's order
  std::unordered_map<std::string, std::size_t> by_id;  // the first client of each id

  // Returns the first client with that id; null if there is none.
  const TraceClient* find(const std::string& id) const;
};

// A problem of a trace file, and its position.
struct TraceProblem {
  std::size_t line = 1;  // from 1
  std::string what;      // the column, attribute or element, for example `lat`
  std::string wrong;
  std::string right;  // what would be right; empty if there is nothing to say
};
using TraceProblems = std::vector<TraceProblem>;

}  // namespace sim
