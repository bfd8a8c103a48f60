// Reads a whole scenario from its JSON.
#pragma once

#include <jansson.h>

#include <string>
#include <vector>

#include "sim/script/read/problems.h"
#include "sim/script/read/schema.h"
#include "sim/script/read/text_lists.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Reports all that is wrong with the scenario, except for its sweep, and leaves `as_run` empty.
// Safe from any thread.
Scenario read_scenario(const std::string& file, json_t* root, Problems& problems);
// The same for a scenario some of whose lists are text: what has been read is of no use if one of
// them has_failed(). `clients` is as LoadOptions has it.
Scenario read_scenario(const std::string& file, json_t* root, std::vector<TextItems>& lists,
                       bool clients, Problems& problems);

// Returns the JSON Schema of scenario files. `sweep` describes the value of their key "sweep".
Schema scenario_schema(const Schema& sweep);

}  // namespace sim
