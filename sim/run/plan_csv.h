// plan.csv: everything that a scenario is going to do, as it was worked out from the seed.
// results/README.md says what its columns mean.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/result.h"
#include "sim/measure/results/file_error.h"
#include "sim/script/spec/scenario.h"

namespace sim {

inline constexpr std::string_view kPlanFile = "plan.csv";

// Plans every herd and writes the rows in order of time, at one instant herd after herd. The same
// scenario gives the same bytes. Returns how many rows there are, the header aside.
herd::Result<std::uint64_t, FileError> write_plan_csv(const Scenario& scenario,
                                                      const std::filesystem::path& file);

}  // namespace sim
