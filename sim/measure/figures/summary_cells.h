// Finds and reads the cells of a herd's row in summary.csv.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <variant>

#include "sim/measure/figures/run_results.h"

namespace sim {

// The cell in a column, as column() or find_column() gives its place. It is unknown if the herd has
// no summary.
inline const Cell& cell_of(const HerdResults& herd, std::size_t column) {
  static const Cell kUnknown;
  return column < herd.summary.size() ? herd.summary[column] : kUnknown;
}

// The number that an expectation compares: a count, a real, or a latency in microseconds. nullopt
// for text and for what is unknown.
inline std::optional<double> figure_of(const Cell& cell) {
  if (const auto* count = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*count);
  if (const auto* latency = std::get_if<Latency>(&cell)) {
    return static_cast<double>(latency->value.count()) / 1000;
  }
  const auto* value = std::get_if<double>(&cell);
  if (value != nullptr && std::isfinite(*value)) return *value;
  return std::nullopt;
}

}  // namespace sim
