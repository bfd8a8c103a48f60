// Where the running program is.
#pragma once

#include <string>

namespace sim {

// A path by which this very program can be executed again, from any folder.
std::string own_binary();

}  // namespace sim
