// The scenarios that come with herdsim. They are found from the program's own place: installed, in
// ../share/herdsim/scenarios; built in the source tree, in ../scenarios.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sim {

struct ShippedScenario {
  std::string name;   // of the file, without ".json"
  std::string about;  // what it shows; empty if the file does not say
};

// Returns the folder that they are in; nullopt if there is none.
std::optional<std::filesystem::path> shipped_folder();

// Returns the scenarios of such a folder, by name.
std::vector<ShippedScenario> shipped_in(const std::filesystem::path& folder);

// Returns the file that a command line means by `file`: the file of this name or, if there is none
// and the name has no slash, the shipped scenario of this name, with or without ".json". Returns
// `file` itself if that does not exist either.
std::string named_scenario(const std::string& file);

}  // namespace sim
