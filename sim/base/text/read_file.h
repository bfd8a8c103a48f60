// A whole file as text.
#pragma once

#include <optional>
#include <string>

namespace sim {

// nullopt where it cannot be read; errno says why. Blocking.
std::optional<std::string> read_file(const std::string& file);

}  // namespace sim
