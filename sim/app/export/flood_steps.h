// A flood as a list of steps, each at one server, in an order that no cause breaks.
#pragma once

#include <string>
#include <vector>

#include "sim/app/show/shown_run.h"

namespace sim {

struct FloodStep {
  const ShownMessage* message = nullptr;
  bool is_receipt = false;  // else it is the sending

  const std::string& server() const { return is_receipt ? message->to : message->from; }
};

// Returns each message's sending and, unless it was lost, its receipt. Steps are in order of time.
// In virtual time a whole flood may happen at one moment: then they are in order of hops, so that a
// message is received after it was sent, and before the receiver passes it on.
std::vector<FloodStep> flood_steps(const std::vector<ShownMessage>& messages);

// Returns what the message was to its receiver: "new", "duplicate", "echo" …
std::string kind_words(const ShownMessage& message);

}  // namespace sim
