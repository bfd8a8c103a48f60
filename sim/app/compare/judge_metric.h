// Judges one figure: chooses the method by the runs that there are, and carries it out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/app/compare/finding.h"

namespace sim {

inline constexpr std::size_t kLeastPairs = 6;  // that Wilcoxon's test can decide
inline constexpr std::size_t kLeastRuns = 4;   // a side, for Mann and Whitney's
inline constexpr double kLevel = 0.05;         // a p-value of at most this decides

struct SeedFigure {
  std::string seed;
  double figure = 0;
};

// The runs of both sides that know the figure.
struct FigureRuns {
  std::vector<SeedFigure> base, other;
  // Both sides are in virtual time, and the figure is not one of the machine: a run with the same
  // seed would give exactly the same figure.
  bool is_exact = false;
};

// Returns what can be said of the figure by itself. If all figures are above 0, the change is in
// percent: it is that of the ratios. Else it is the difference in the metric's unit, or in percent
// of the base if there is one pair and the base is not 0.
//
// Precondition: at most kMostShiftValues runs a side.
Finding judge_metric(std::size_t metric, const FigureRuns& runs);

// Sets the verdict of a finding, which may have a gate and an adjusted p-value, and whether the
// gate trips. A tested figure with a gate is worse if its whole interval is beyond the gate, and
// the same if its whole interval is within, in both directions, and it is not better.
void conclude(Finding& finding);

}  // namespace sim
