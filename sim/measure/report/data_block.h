// The data for the page's program.
#pragma once

#include <string>

#include "sim/measure/report/page_tables.h"
#include "sim/measure/report/run_folder.h"

namespace sim {

class DataBlock {
 public:
  // `folder` must outlive it.
  explicit DataBlock(RunFolder& folder);

  // Returns base64(gzip(JSON)): {"run": what run.json says of the scenario, "tables": {"NAME.csv":
  // columns as pack_columns() packs them, …, "faults": as packed_faults() packs them}, "rings": as
  // pack_rings() packs them}. Has only the tables that the folder has.
  std::string with(const DrillDownLimits& limits) const;

 private:
  std::string packed(const PageTable& table, const DrillDownLimits& limits) const;

  RunFolder& folder_;
  std::string run_, fixed_, rings_;  // JSON that is the same for all limits
};

// Returns the same for a sweep: its sweep.csv, its points, and its swept keys.
std::string sweep_data_block(RunFolder& folder);

}  // namespace sim
