// The limits at which the live world stops reading from a connection, or drops it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "sim/worlds/live/connection_budget.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

// The time after which a server that is idle has answered every line that has reached it: far
// longer than the system needs to carry a line and its answer.
inline constexpr std::chrono::milliseconds kAnswerTime(1000);

struct LiveLimits {
  // No more is read from a client while its answers take more than this, unsent ones and those that
  // wait for Places or behind such a one …
  std::size_t client_unsent = std::size_t{1} << 20;
  // … or more answers than this wait for Places.
  std::size_t client_waiting = 1000;
  // A client that takes nothing of what is unsent for so long is dropped.
  std::uint64_t client_stall_ns = 30'000'000'000;
  // A client that sends no complete line and takes no answer for so long is dropped; 0: never.
  std::uint64_t client_idle_ns = 0;
  // What the clients' connections count against; null: nothing bounds them.
  std::shared_ptr<ConnectionBudget> budget;
  // A link with more than this unsent is dropped, and dialled again.
  std::size_t link_unsent = kMaxLinkUnsent;
};

}  // namespace sim
