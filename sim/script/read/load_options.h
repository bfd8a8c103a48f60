// Options of the command line that change a scenario before it is validated.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// One `--set PATH=VALUE`: a dotted path from the top (`herds.0.propagation`, `herds.*.servers` for
// every herd) and a value, which is JSON if it parses as JSON, and else a string. The value null
// takes away what is at the path.
struct Override {
  std::string path;
  std::string value;
};

struct LoadOptions {
  std::vector<Override> overrides;  // applied in order
  std::optional<std::uint64_t> seed;
  std::optional<std::string> clock;
  bool no_expect = false;  // leave out the scenario's expectations
  bool as_run = true;      // fill in Scenario::as_run, which the results need
  bool clients = true;     // fill in Scenario::clients; they are validated in any case
};

}  // namespace sim
