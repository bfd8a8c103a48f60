// Which findings a table shows in rows of their own, and which share a line.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/app/compare/comparison.h"

namespace sim {

struct ShownFindings {
  std::vector<const Finding*> rows;      // that differ or may differ, and those with a gate
  std::vector<std::size_t> same;         // metrics that are the same
  std::vector<std::size_t> equal_alone;  // equal in runs that are too few to test
};

inline ShownFindings shown_findings(const ComparedHerd& herd) {
  ShownFindings shown;
  for (const Finding& each : herd.findings) {
    const bool is_same = each.verdict == Judgement::kSame;
    if (each.gate || !(is_same || each.all_equal)) {
      shown.rows.push_back(&each);
    } else {
      (is_same ? shown.same : shown.equal_alone).push_back(each.metric);
    }
  }
  return shown;
}

}  // namespace sim
