// Starts threads, and says what to do if the machine has no room for one.
#pragma once

#include <cstddef>
#include <functional>
#include <thread>

namespace sim {

// Throws SetUpError.
[[nodiscard]] std::thread start_thread(std::function<void()> work);

// Runs `work` on `count` threads at once, this one among them, and returns when all have returned.
// Uses fewer threads if the machine has no room for more.
void run_on_threads(std::size_t count, const std::function<void()>& work);

// Whether this many more threads can run at once just now.
bool can_start_threads(std::size_t count);

}  // namespace sim
