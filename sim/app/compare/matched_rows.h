// Which rows of two sides are about the same: the same herd at the same point.
#pragma once

#include <string>
#include <vector>

#include "sim/app/compare/compared_side.h"

namespace sim {

using SeedRows = std::vector<const ComparedRow*>;

struct MatchedRows {
  std::string point, base_herd, other_herd;
  SeedRows base, other;  // one for each seed
};

struct Matching {
  std::vector<MatchedRows> matches;
  std::vector<std::string> only_base, only_other;  // herds at points, in words
};

// Herds match by name; if each side compares one herd only, these two match. The results point into
// the sides.
Matching match_rows(const ComparedSide& base, const ComparedSide& other);

}  // namespace sim
