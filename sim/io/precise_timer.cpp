#include "sim/io/precise_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace sim {

struct PreciseTimer::Handle {
  uv_poll_t poll{};
  int fd = -1;
  std::function<void()> action;
};

PreciseTimer::PreciseTimer(IoLoop& loop, std::function<void()> action) : handle_(new Handle) {
  handle_->action = std::move(action);
  // CLOCK_MONOTONIC is what uv_hrtime() reads.
  handle_->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  handle_->poll.data = handle_;
  uv_poll_init(loop.uv(), &handle_->poll, handle_->fd);
  uv_poll_start(&handle_->poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
    auto& self = *static_cast<Handle*>(poll->data);
    std::uint64_t expirations = 0;
    if (read(self.fd, &expirations, sizeof expirations) == sizeof expirations) self.action();
  });
}

PreciseTimer::~PreciseTimer() {
  uv_poll_stop(&handle_->poll);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll), [](uv_handle_t* closed) {
    auto* handle = static_cast<Handle*>(closed->data);
    close(handle->fd);
    delete handle;
  });
}

void PreciseTimer::arm(std::uint64_t at_ns) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  at_ns = std::max<std::uint64_t>(at_ns, 1);  // zero would disarm
  itimerspec spec{};
  spec.it_value.tv_sec = static_cast<time_t>(at_ns / kSecond);
  spec.it_value.tv_nsec = static_cast<long>(at_ns % kSecond);
  timerfd_settime(handle_->fd, TFD_TIMER_ABSTIME, &spec, nullptr);
}

}  // namespace sim
