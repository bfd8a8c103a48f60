// The path of the running program.
#pragma once

#include <string>

namespace sim {

// Returns a path by which this program can be executed again, from any folder.
std::string own_binary();

}  // namespace sim
