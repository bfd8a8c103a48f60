// Reads a scenario file: parses, applies overrides, validates, fills in defaults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sim/scenario/scenario.h"

namespace sim {

// One `--set PATH=VALUE`: a dotted path from the top (`herds.0.propagation`) and a value that is
// JSON where it parses as JSON, and else a string.
struct Override {
  std::string path;
  std::string value;
};

struct LoadOptions {
  std::vector<Override> overrides;  // applied in order, before validation
  std::optional<std::uint64_t> seed;
  std::optional<std::string> clock;
};

// Everything that is wrong with a file, one line each, ready to print:
// `FILE:LINE: PATH: what is wrong (what would be right)`. Never empty.
using ScenarioErrors = std::vector<std::string>;

// Errors come in the order of the file's lines. Reads the file
// and looks for those that it names; safe from any thread.
herd::Result<Scenario, ScenarioErrors> load_scenario(const std::string& file,
                                                     const LoadOptions& options = {});

// The same from text already read: `file` is for messages, and its folder for the files named.
herd::Result<Scenario, ScenarioErrors> parse_scenario(const std::string& file,
                                                      const std::string& text,
                                                      const LoadOptions& options = {});

}  // namespace sim
