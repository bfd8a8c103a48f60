// Removes servers and links from a scenario.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Returns the same scenario with the servers and links of every herd written as lists. `scenario`
// is what the reader makes of `root`.
OwnedJson spell_out_servers(const json_t* root, const Scenario& scenario);

// Returns the names of all servers, each once. Precondition: the servers and links are written as
// lists.
std::vector<std::string> server_names(const json_t* root);

// Says who gets the links and clients of a server that is removed.
enum class Leaving {
  kAlone,     // its links are removed; its clients go to the first server that is left
  kToTheHeir  // its first neighbour takes over its links, their events, and its clients
};

// Returns the scenario without these servers in any herd, and without the events that name them,
// except those that `how` passes on. Returns null if a herd would have no server left.
OwnedJson without_servers(const json_t* root, const std::vector<std::string>& servers, Leaving how);

}  // namespace sim
