// Passes work to the thread that runs a loop.
#pragma once

#include <uv.h>

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/set_up_error.h"
#include "sim/base/io/uv_handle.h"

namespace sim {

class LoopInbox {
 public:
  // To be called on the loop's thread, or before it runs; the same goes for the destructor. Throws
  // SetUpError.
  explicit LoopInbox(IoLoop& loop) : async_(this) {
    const auto deliver_to = [](uv_async_t* async) {
      static_cast<LoopInbox*>(async->data)->deliver();
    };
    require(uv_async_init(loop.uv(), async_.get(), deliver_to), "a loop's inbox");
  }

  // Runs `action` on the loop's thread, in the order of posting. Any thread may call it.
  void post(std::function<void()> action) {
    {
      const std::lock_guard lock(mutex_);
      actions_.push_back(std::move(action));
    }
    uv_async_send(async_.get());
  }

  // Runs what was posted so far. On the loop's thread.
  void deliver() {
    std::vector<std::function<void()>> actions;
    {
      const std::lock_guard lock(mutex_);
      actions.swap(actions_);
    }
    for (auto& action : actions) action();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> actions_;
  UvHandle<uv_async_t> async_;
};

}  // namespace sim
