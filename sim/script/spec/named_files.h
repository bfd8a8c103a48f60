// The data files that a scenario names: traces and places.
#pragma once

#include <string>
#include <vector>

#include "sim/script/spec/scenario.h"

namespace sim {

struct NamedFile {
  std::string name;  // relative to the scenario's folder if the file is in it
  std::string path;  // leads to the file from the current folder
};

// Returns each file once, sorted by name.
std::vector<NamedFile> named_files(const Scenario& scenario);

}  // namespace sim
