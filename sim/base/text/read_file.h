// Reads a complete file as text.
#pragma once

#include <optional>
#include <string>

namespace sim {

// Returns nullopt if the file cannot be read; errno then has the reason. Blocks.
std::optional<std::string> read_file(const std::string& file);

}  // namespace sim
