// The program and the data files that a point's results come from. Only points that agree in them
// belong together.
#pragma once

#include <jansson.h>

#include <map>
#include <string>

namespace sim {

struct PointOrigin {
  std::string version, commit, architecture;  // of the program
  // The SHA-256 of each data file that the scenario names, by the file's name.
  std::map<std::string, std::string> inputs;
};

// Returns the origin of what this program makes, without data files.
PointOrigin own_origin();

// Reads the origin from a run.json. Members that it lacks are empty.
PointOrigin read_origin(const json_t* run);

// Adds the data files of `one` to `all` if the two belong together. Otherwise returns why not, for
// example "is from another version (0.9)".
std::string join_origins(PointOrigin& all, const PointOrigin& one);

}  // namespace sim
