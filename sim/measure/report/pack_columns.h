// Columns of a table as JSON that compresses well, for the page's program, which unpacks it
// (page/data.ts).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/report/csv_columns.h"

namespace sim {

enum class PackAs { kText, kNumber };

struct PackedColumn {
  std::string_view name;
  PackAs as = PackAs::kNumber;
};

// Returns the rows of these columns as a JSON object:
//   {"rows": N, "of": rows of the file, "columns": {"NAME": COLUMN, …}}
// with the columns that the table has. A COLUMN of text is {"words": [...], "at": [...]}, each cell
// the place of its word. One of numbers is {"scale": S, "steps": [...]}: each cell is the sum of
// the steps until then, divided by S; the step of an empty cell is null. Numbers with more than
// three decimals are {"values": [...]} instead.
std::string pack_columns(const CsvColumns& table, const std::vector<PackedColumn>& columns,
                         const std::vector<std::size_t>& rows);

// Returns the places of all rows.
std::vector<std::size_t> every_row(const CsvColumns& table);

// Returns a JSON string, with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace sim
