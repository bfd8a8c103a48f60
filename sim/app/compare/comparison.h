// A whole comparison: every figure of every herd at every point, each side with the first one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/compare/compare_error.h"
#include "sim/app/compare/compared_side.h"
#include "sim/app/compare/finding.h"
#include "sim/app/compare/gate.h"
#include "sim/app/compare/what_differs.h"

namespace sim {

// One herd at one point, on both sides.
struct ComparedHerd {
  std::string point;  // empty: a run, or a sweep of the seed alone
  std::string base_herd, other_herd;
  std::vector<Finding> findings;
  // The metrics that only one side knows, and the seeds that only one side has.
  std::vector<std::size_t> only_base, only_other;
  std::vector<std::string> seeds_only_base, seeds_only_other;
};

// One side, compared with the first one.
struct SideComparison {
  std::size_t other = 0;  // its place in Comparison::sides
  std::string same_run;   // why it is the same run; empty if it is not
  std::vector<Difference> differences;
  std::vector<ComparedHerd> herds;
  // "herd x", "herd x at herds_servers = 5": what only one side has.
  std::vector<std::string> only_base, only_other;
};

struct Comparison {
  std::vector<ComparedSide> sides;  // the first one is the base
  std::vector<SideComparison> comparisons;
  std::vector<Gate> gates;
  std::vector<std::string> notes;  // for people, about the tests
  std::size_t tested = 0;          // figures that a test judged, of those without a gate
  std::size_t gated_tests = 0;     // of those with one

  // Gated figures in this state. A herd that only the base has
  // counts as missing, once for each gate.
  std::size_t count(GateState state) const;
};

struct CompareOptions {
  std::vector<Gate> gates;
  std::vector<std::size_t> metrics;  // those of the gates are compared too
};

// Returns an error if a side has no herd and point in common with the first one, or more runs at a
// point than can be tested.
herd::Result<Comparison, CompareError> compare_sides(std::vector<ComparedSide> sides,
                                                     const CompareOptions& options);

}  // namespace sim
