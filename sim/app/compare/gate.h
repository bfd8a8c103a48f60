// Reads the values of `--fail-on` and `--metrics`: figures, and how much worse one may be.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/compare/compare_error.h"

namespace sim {

// A gate trips if a figure is worse, by more than this much, and the difference is decided.
struct Gate {
  std::size_t metric = 0;  // its place in kSummaryColumns
  double most = 0;         // in percent of the base, or in the metric's unit in summary.csv
  bool is_percent = false;
  std::string text;  // as it was given
};

// Reads METRIC:+5% or METRIC:+0. The number says how much worse the figure may be, whether lower or
// higher is better. A metric of which neither is better is an error.
herd::Result<Gate, CompareError> read_gate(const std::string& text);

// Reads METRIC,METRIC…: the places in kSummaryColumns.
herd::Result<std::vector<std::size_t>, CompareError> read_metrics(const std::string& text);

// Returns the places of the metrics that a comparison has without `--metrics`: all numbers of
// summary.csv except the seed.
std::vector<std::size_t> all_metrics();

}  // namespace sim
