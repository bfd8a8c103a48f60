// Shows the cells of summary.csv to people: rounded, with a unit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/measure/figures/run_results.h"
#include "sim/script/spec/column_kind.h"

namespace sim {

// "1,234", "1.50", "45.7 ms", "0.25 s", "12.3 MiB", "yes", a text as printable() gives it, or "–"
// if the cell is unknown.
std::string show_cell(const Cell& cell, ColumnKind kind);

// Returns whether the cell is a time of 0 that says nothing in virtual time, in which only what the
// scenario gives a time takes any. `column` is a place in kSummaryColumns. A staleness of 0 says
// that the server knew at once, so it is no such time.
bool is_timeless(const Cell& cell, std::size_t column);

// Returns the cell of a column of this kind that summary.csv has as `text`. It is unknown if `text`
// is empty or is none of this kind.
Cell parse_cell(std::string_view text, ColumnKind kind);

}  // namespace sim
