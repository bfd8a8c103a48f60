// How far servers are from each other in the herds that are too large for a picture of their links.
#pragma once

#include <string>

#include "sim/measure/report/run_folder.h"

namespace sim {

// Returns, from links.csv and servers.csv, a JSON object:
//   {"HERD": [{"origin": "NAME", "servers": [1, 4, 12, …]}, …], …}
// "servers" has the number of servers that are 0, 1, 2, … links away from the origin. A herd has up
// to 40 origins: the servers that accepted most updates first, then others, evenly spread. Whole
// graphs would not do: those of ten thousand servers have 100 kB each. Returns "{}" if no herd is
// that large.
std::string pack_rings(RunFolder& folder);

}  // namespace sim
