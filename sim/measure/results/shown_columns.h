// The columns of summary.csv that people see first: in the table that a run prints, and on its
// page.
#pragma once

#include <cstddef>
#include <vector>

namespace sim {

// Returns the indices in kSummaryColumns of the columns that have a label, in the order of their
// places.
std::vector<std::size_t> shown_columns();

}  // namespace sim
