// Error messages for a command line that cannot be parsed. Each names the command, says what is
// wrong, and says where help is. Each ends with a newline.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sim {

// For a command that does not exist. Suggests the one whose name is nearest.
std::string unknown_command(const CLI::App& program, const std::string& name);

// For an error that the parser reported. `program` is in the state in which parse() left it.
std::string usage_error(const CLI::App& program, const CLI::ParseError& error);

}  // namespace sim
