// What became of the points of a sweep, as plain data: little for each point, since there may be
// very many. All else that a point measured is in its folder.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/figures/run_results.h"

namespace sim {

enum class PointStatus {
  kNotRun,
  kHeld,     // it has run, and all that is expected of it holds
  kNotHeld,  // it has run, and something does not
  kFailed,   // it could not be carried out
};
std::string_view to_string(PointStatus status);

struct PointResult {
  PointStatus status = PointStatus::kNotRun;
  std::string why;  // it failed
  // The rows of its summary.csv as they are written there, a cell for each of kSummaryColumns.
  std::vector<std::vector<std::string>> rows;
  std::vector<ExpectationResult> expectations;

  // Its figures are known.
  bool done() const { return status == PointStatus::kHeld || status == PointStatus::kNotHeld; }
};

struct SweepResults {
  std::string start;                // wall clock, ISO 8601 UTC
  std::vector<PointResult> points;  // one for each

  std::size_t count(PointStatus status) const;
  bool complete() const;  // every point is done
};

}  // namespace sim
