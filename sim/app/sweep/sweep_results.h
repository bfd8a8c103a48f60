// The results of a sweep's points as plain data. It holds little per point, because there may be
// very many; everything else is in the point's folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/sweep/point_origin.h"
#include "sim/measure/figures/run_results.h"

namespace sim {

enum class PointStatus {
  kNotRun,
  kHeld,       // it has run, and every expectation holds
  kNotHeld,    // it has run, and an expectation does not hold
  kFailed,     // it could not be run or written
  kElsewhere,  // it is of another shard
};
std::string_view to_string(PointStatus status);

struct PointResult {
  PointStatus status = PointStatus::kNotRun;
  std::string why;  // for kFailed
  // The rows of its summary.csv, with the cells as written there: one for each of kSummaryColumns.
  std::vector<std::vector<std::string>> rows;
  std::vector<ExpectationResult> expectations;

  // Whether the point has run and its figures are known.
  bool done() const { return status == PointStatus::kHeld || status == PointStatus::kNotHeld; }
};

struct SweepResults {
  std::string start;                // wall clock, ISO 8601 UTC
  std::vector<PointResult> points;  // one per point
  // The common origin of the points that are done; nullopt if none is known yet.
  std::optional<PointOrigin> origin;

  std::size_t count(PointStatus status) const;
  std::size_t own() const;  // the number of points that are not of another shard
  bool complete() const;    // whether all these are done
};

}  // namespace sim
