// How the command line names what to compare: [LABEL=]DIR[:HERD].
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/compare/compare_error.h"

namespace sim {

struct SideName {
  std::string label;   // unique among the sides, for people
  std::string folder;  // of a run or a sweep
  std::string herd;    // empty: all herds
};

// Returns the names of the sides. A folder may have `=` and `:` in its name, if it exists. Without
// a label, a side is called after its folder, or after its herd if all sides are of one folder.
// A label that is given twice or is empty is an error, and so are fewer than two sides.
herd::Result<std::vector<SideName>, CompareError> name_sides(const std::vector<std::string>& given);

}  // namespace sim
