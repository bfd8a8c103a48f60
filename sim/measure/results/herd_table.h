// Tables that have rows for each herd: the usual ways to write a cell, and how the file is written.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/measure/results/table_columns.h"

namespace sim {

template <class Row>
struct HerdRow {
  const HerdResults& herd;
  const Row& row;
};

template <class Row>
using HerdColumn = TableColumn<HerdRow<Row>>;

// The name of the row's herd.
template <class Row>
void herd_name(CsvWriter& csv, const HerdRow<Row>& at) {
  csv.cell(at.herd.herd);
}

// A member of the row.
template <auto kMember, class Row>
void member(CsvWriter& csv, const HerdRow<Row>& at) {
  csv.cell(at.row.*kMember);
}

// A member of the row; empty if `kKnows` says that the herd was not observed in a way that tells.
template <bool (*kKnows)(Observed), auto kMember, class Row>
void member_if(CsvWriter& csv, const HerdRow<Row>& at) {
  kKnows(at.herd.observed) ? csv.cell(at.row.*kMember) : csv.empty();
}

// The name of the server whose place a member of the row is.
template <auto kMember, class Row>
void server_name(CsvWriter& csv, const HerdRow<Row>& at) {
  csv.cell(at.herd.servers[at.row.*kMember].server);
}

// Writes a table of the rows that the member `kRows` of each herd holds.
template <const auto& kColumns, auto kRows>
std::optional<FileError> write_herd_table(const RunResults& run,
                                          const std::filesystem::path& file) {
  CsvWriter csv(file, names_of<kColumns>());
  for (const HerdResults& herd : run.herds) {
    for (const auto& row : herd.*kRows) {
      write_cells<kColumns>(csv, {herd, row});
      csv.end_row();
    }
  }
  return csv.close();
}

}  // namespace sim
