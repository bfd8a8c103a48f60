// Scenarios with fewer servers and links.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// The same scenario with every herd's servers and links written as lists. `scenario` is what the
// ordinary reader makes of `root`.
OwnedJson spell_out_servers(const json_t* root, const Scenario& scenario);

// Of a scenario whose servers and links are lists: the names of all servers, each once.
std::vector<std::string> server_names(const json_t* root);

enum class Leaving {
  kAlone,     // a server's links go with it; its clients go to the first server that is left
  kToTheHeir  // its first neighbour takes its links, with what happens to them, and its clients
};

// The scenario without these servers, in any herd. Other events that were theirs go with them.
// nullptr where no server would be left.
OwnedJson without_servers(const json_t* root, const std::vector<std::string>& servers, Leaving how);

}  // namespace sim
