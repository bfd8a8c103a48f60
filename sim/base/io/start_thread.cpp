#include "sim/base/io/start_thread.h"

#include <future>
#include <system_error>
#include <utility>
#include <vector>

#include "sim/base/io/set_up_error.h"

namespace sim {

std::thread start_thread(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error& error) {
    throw SetUpError(Error{"cannot start a thread: " + error.code().message() +
                           "; raise the limits on threads and memory (ulimit -u, ulimit -v)"});
  }
}

void run_on_threads(std::size_t count, const std::function<void()>& work) {
  std::vector<std::jthread> others;
  others.reserve(count);
  try {
    while (others.size() + 1 < count) others.emplace_back(std::ref(work));
  } catch (const std::system_error&) {
    // It takes longer with fewer, and that is all.
  }
  work();
}

bool can_start_threads(std::size_t count) {
  std::promise<void> tried;
  const std::shared_future<void> end = tried.get_future().share();
  std::vector<std::jthread> threads;
  threads.reserve(count);
  bool can = true;
  try {
    while (threads.size() < count) threads.emplace_back([end] { end.wait(); });
  } catch (const std::system_error&) {
    can = false;
  }
  tried.set_value();
  return can;
}

}  // namespace sim
