// Runs a loop in a test until something is true.
#pragma once

#include <poll.h>
#include <uv.h>

#include <chrono>
#include <functional>

#include "sim/base/io/io_loop.h"

namespace sim {

// Turns the loop until `done` returns true, and calls `before_turn` before each turn. Returns false
// after a minute, which only ends a test that hangs.
inline bool run_until(IoLoop& loop, const std::function<bool()>& done,
                      const std::function<void()>& before_turn = {}) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    if (before_turn) before_turn();
    uv_run(loop.uv(), UV_RUN_NOWAIT);
    pollfd ready{uv_backend_fd(loop.uv()), POLLIN, 0};
    poll(&ready, 1, 1);
  }
  return true;
}

}  // namespace sim
