// Loads the scenario files that a command line names, and prints their errors. A name may be that
// of a scenario that comes with herdsim (shipped_scenarios.h).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/load_scenario.h"

namespace sim {

using LoadedFile = std::variant<Scenario, Sweep>;

// Reads a file and prints nothing. `shard`: of a sweep, as to_sweep() takes it.
herd::Result<LoadedFile, ScenarioErrors> load_file(const std::string& file,
                                                   const LoadOptions& options,
                                                   std::optional<Shard> shard = std::nullopt);

// Returns the file's warnings, a line each.
const std::vector<std::string>& warnings_of(const LoadedFile& file);

// Reads every file. Returns nullopt if any has an error; all errors of all files have then been
// printed to standard error. Warnings are printed there too.
std::optional<std::vector<LoadedFile>> load_files(const std::vector<std::string>& files,
                                                  const LoadOptions& options,
                                                  std::optional<Shard> shard = std::nullopt);

// The same for commands that take only scenarios: a sweep is an error.
std::optional<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& files,
                                                    const LoadOptions& options);

}  // namespace sim
