#include "sim/app/sweep/sweep_results.h"

#include <algorithm>

namespace sim {

std::string_view to_string(PointStatus status) {
  switch (status) {
    case PointStatus::kNotRun:
      return "not run";
    case PointStatus::kHeld:
      return "held";
    case PointStatus::kNotHeld:
      return "not held";
    case PointStatus::kFailed:
      return "failed";
    case PointStatus::kElsewhere:
      return "of another shard";
  }
  return "";
}

std::size_t SweepResults::count(PointStatus status) const {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(),
                    [status](const PointResult& point) { return point.status == status; }));
}

std::size_t SweepResults::own() const { return points.size() - count(PointStatus::kElsewhere); }

bool SweepResults::complete() const {
  return std::all_of(points.begin(), points.end(), [](const PointResult& point) {
    return point.done() || point.status == PointStatus::kElsewhere;
  });
}

}  // namespace sim
