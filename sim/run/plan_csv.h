// plan.csv: all actions that a scenario will take, planned from its seed. results/README.md defines
// its columns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/result.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/column_kind.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr std::string_view kPlanFile = "plan.csv";

// Plans every herd and writes the rows in order of time; rows of the same time are in the order of
// the herds. The same scenario gives the same bytes. Returns the number of rows without the header,
// or an error if the file cannot be written.
herd::Result<std::uint64_t, FileError> write_plan_csv(const Scenario& scenario,
                                                      const std::filesystem::path& file);

// The columns of plan.csv.
std::span<const ColumnEntry> plan_columns();

}  // namespace sim
