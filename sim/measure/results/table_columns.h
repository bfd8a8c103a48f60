// The columns of a CSV table as one array: each column's name, what results/README.md says of it,
// and how its cell is written. Adding a row to the array adds a column to the table.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sim/measure/results/csv.h"
#include "sim/script/spec/column_kind.h"

namespace sim {

// Its cells are written from a `Row`.
template <class Row>
struct TableColumn {
  using RowType = Row;

  std::string_view name;
  ColumnKind kind;
  std::string_view meaning;
  void (*write)(CsvWriter& csv, const Row& row);
  std::string_view empty_when = "";
};

// Below, `kColumns` is a constexpr std::array of columns.

template <const auto& kColumns>
using RowOf = typename std::remove_cvref_t<decltype(kColumns)>::value_type::RowType;

template <const auto& kColumns>
constexpr auto names_of() {
  std::array<std::string_view, kColumns.size()> names;
  for (std::size_t i = 0; i < kColumns.size(); ++i) names[i] = kColumns[i].name;
  return names;
}

// Returns the entries of the columns in results/README.md.
template <const auto& kColumns>
constexpr auto entries_of() {
  std::array<ColumnEntry, kColumns.size()> entries{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto& column = kColumns[i];
    entries[i] = {column.name, column.kind, column.meaning, column.empty_when};
  }
  return entries;
}

// Writes the cells of a row, in the order of the columns, and does not end the row. Each call is to
// a function that the compiler knows, so that it can inline it: deliveries.csv may have millions
// of rows.
template <const auto& kColumns>
void write_cells(CsvWriter& csv, const RowOf<kColumns>& row) {
  [&]<std::size_t... i>(std::index_sequence<i...>) { (kColumns[i].write(csv, row), ...); }
  (std::make_index_sequence<kColumns.size()>());
}

}  // namespace sim
