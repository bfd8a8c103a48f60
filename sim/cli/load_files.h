// Loads the scenario files that a command names, and prints what is wrong with them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/load_scenario.h"

namespace sim {

// Every file is read, and every error of all of them printed on standard error; nullopt where there
// is any.
std::optional<std::vector<Scenario>> load_files(const std::vector<std::string>& files,
                                                const LoadOptions& options);

}  // namespace sim
