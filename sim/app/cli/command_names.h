// The names of the program's commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sim {

// Returns the names of the commands that the parser has by now, in the order of the help.
std::vector<std::string> command_names(const CLI::App& program);

}  // namespace sim
