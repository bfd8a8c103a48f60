// Reads a scenario file: parses, applies overrides, validates, fills in defaults.
#pragma once

#include <string>

#include "core/result.h"
#include "sim/script/read/scenario_document.h"
#include "sim/script/spec/scenario.h"

namespace sim {

// Errors come in the order of the file's lines. Reads the file and looks for those that it names;
// safe from any thread. A file with a sweep is many scenarios (sim/app/sweep/), and an error here.
herd::Result<Scenario, ScenarioErrors> load_scenario(const std::string& file,
                                                     const LoadOptions& options = {});

// The same from text already read: `file` is for messages, and its folder for the files named.
herd::Result<Scenario, ScenarioErrors> parse_scenario(const std::string& file,
                                                      const std::string& text,
                                                      const LoadOptions& options = {});

// The same from a document.
herd::Result<Scenario, ScenarioErrors> to_scenario(const ScenarioDocument& document);

}  // namespace sim
