// Tries a herd: starts it, finds out its habits, holds it to the protocol, and plays the shipped
// worlds on it.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sim/app/attempt/attempt_error.h"
#include "sim/app/attempt/findings.h"
#include "sim/app/attempt/tried_command.h"
#include "sim/base/json/owned_json.h"

namespace sim {

struct Attempt {
  OwnedJson engine;  // the `engine` object of a scenario that drives the herd
  Findings findings;
};

// The parts of an attempt, as `--only` names them.
inline constexpr std::array<std::string_view, 6> kAttemptParts = {
    "lines", "flood", "link-drop", "partition", "restart", "load"};

struct AttemptOptions {
  TriedCommand command;
  std::vector<std::string> only;  // of kAttemptParts; empty: all
  // Called with the name of each part as it begins.
  std::function<void(std::string_view)> on_part;
};

// Takes a minute or less if nothing is wrong, and longer if servers do not answer. Only one attempt
// may run at a time, because it runs scenarios. May throw SetUpError.
herd::Result<Attempt, AttemptError> try_herd(const AttemptOptions& options);

}  // namespace sim
