// Loads the scenario files that a command names, and prints what is wrong with them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/app/sweep/sweep.h"
#include "sim/script/read/load_scenario.h"

namespace sim {

using LoadedFile = std::variant<Scenario, Sweep>;

// Every file is read, and every error of all of them printed on standard error; nullopt where there
// is any.
std::optional<std::vector<LoadedFile>> load_files(const std::vector<std::string>& files,
                                                  const LoadOptions& options);

// The same for commands that take scenarios alone: a sweep is an error.
std::optional<std::vector<Scenario>> load_scenarios(const std::vector<std::string>& files,
                                                    const LoadOptions& options);

}  // namespace sim
