// The herd that `herdsim try` is given: a command, what belongs to it, and the scenarios that drive
// it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "sim/app/attempt/habits.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

struct TriedCommand {
  std::vector<std::string> words;  // the program and its arguments; may contain placeholders
  std::vector<std::pair<std::string, std::string>> env;
  std::string cwd;                   // empty: our own
  std::vector<std::uint16_t> ports;  // by server; empty: free ones
};

// Returns the `engine` object of a scenario that drives the herd in its habits.
OwnedJson engine_json(const TriedCommand& command, const Habits& habits);

// How long a program may take until it listens. A busy machine is no fault of a herd.
inline constexpr std::chrono::seconds kTriedReadyWithin(60);

// Returns a scenario with the paper's five servers of that engine. `more` is the rest of the
// scenario's JSON, as `"duration": "2s", "clients": […]`. Returns an error if the command cannot be
// that of a herd, for example because of an unknown placeholder.
herd::Result<Scenario, Error> tried_scenario(const TriedCommand& command, const Habits& habits,
                                             std::string_view more);

}  // namespace sim
