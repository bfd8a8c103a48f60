// One side of a comparison: the figures of a run or a sweep, from its results folder alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/app/compare/compare_error.h"
#include "sim/app/compare/side_name.h"
#include "sim/base/json/owned_json.h"

namespace sim {

// The figures of one herd in one run: a row of summary.csv.
struct ComparedRow {
  std::string point;  // the values of the swept keys except the seed, as "herds_servers = 5"
  std::string herd;
  std::string seed;
  std::filesystem::path folder;  // of that run
  bool is_virtual = false;
  std::vector<std::optional<double>> figures;  // one for each of kSummaryColumns
};

struct ComparedSide {
  SideName name;
  OwnedJson run;  // run.json
  std::vector<ComparedRow> rows;
  std::string trace;  // the trace hashes of all its runs; empty if one has none
  // The worst of its runs' schedule lags, at the 99th percentile.
  std::optional<double> lag_p99_us;

  bool is_sweep() const;
  bool is_complete() const;
  std::vector<std::string> points() const;  // in the order of summary.csv
  std::vector<std::string> herds() const;   // likewise
};

// Returns the herds of a side that are compared with those of another: all, or only the one that
// the other side names.
std::vector<std::string> herds_against(const ComparedSide& side, const ComparedSide& other);

// Reads run.json and summary.csv, and the run.json of each point of a sweep.
herd::Result<ComparedSide, CompareError> read_side(const SideName& name);

}  // namespace sim
