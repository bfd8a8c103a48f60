// The members of "runs" in the JSON that `herdsim run --format json` prints. The figures have the
// names and the units of summary.csv; what is unknown is null.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "sim/app/cli/run_output.h"

namespace sim {

OwnedJson run_entry(const Scenario& scenario, const RunResults& run, const RunEnd& end);
OwnedJson sweep_entry(const Sweep& sweep, const SweepResults& results, const RunEnd& end);
OwnedJson plan_entry(const Scenario& scenario, std::uint64_t rows,
                     const std::filesystem::path& plan);
OwnedJson failure_entry(const std::string& name, const std::string& file, const RunEnd& end);

}  // namespace sim
