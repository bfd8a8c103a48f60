#include "sim/base/io/precise_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/base/io/owned_fd.h"
#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

// The lead is how early a sharp timer is woken: the average delay of wake-ups, plus four times its
// deviation, as RFC 6298 estimates a round trip, within these bounds.
constexpr std::int64_t kLeastLead = 20'000, kMostLead = 400'000;
constexpr std::int64_t kFirstLateness = 150'000, kFirstDeviation = 20'000;

}  // namespace

struct PreciseTimer::Handle {
  Handle(IoLoop& its_loop, std::function<void()> its_action, Wake its_wake)
      : loop(its_loop), action(std::move(its_action)), wake(its_wake) {}

  std::uint64_t lead() const {
    return static_cast<std::uint64_t>(std::clamp(lateness + 4 * deviation, kLeastLead, kMostLead));
  }
  void set_descriptor(std::uint64_t at_ns) {
    constexpr std::uint64_t kSecond = 1'000'000'000;
    const std::uint64_t at = std::max<std::uint64_t>(at_ns, 1);  // zero would disarm
    itimerspec spec{};
    spec.it_value.tv_sec = static_cast<time_t>(at / kSecond);
    spec.it_value.tv_nsec = static_cast<long>(at % kSecond);
    // A timer that the kernel does not set would never fire.
    if (timerfd_settime(fd.get(), TFD_TIMER_ABSTIME, &spec, nullptr) != 0) poll_until_due();
  }
  void arm(std::uint64_t at_ns) {
    disarm();
    armed = true;
    due_ns = at_ns;
    if (wake == Wake::kEasy) return set_descriptor(at_ns);
    const std::uint64_t now = uv_hrtime();
    if (at_ns > now && at_ns <= now + lead() && loop.may_poll(at_ns - now)) return poll_until_due();
    asked_ns = at_ns > now + lead() ? at_ns - lead() : 0;
    set_descriptor(asked_ns != 0 ? asked_ns : at_ns);
  }
  void disarm() {
    if (!armed) return;
    armed = false;
    stop_polling();
    const itimerspec off{};
    timerfd_settime(fd.get(), 0, &off, nullptr);
  }
  void woken() {
    std::uint64_t expirations = 0;
    if (read(fd.get(), &expirations, sizeof expirations) != sizeof expirations || !armed) return;
    const std::uint64_t now = uv_hrtime();
    if (asked_ns != 0 && wake == Wake::kSharp) learn(static_cast<std::int64_t>(now - asked_ns));
    if (now >= due_ns) return fire();
    if (loop.may_poll(due_ns - now)) return poll_until_due();
    asked_ns = 0;
    set_descriptor(due_ns);
  }
  // Updates the estimate. A busy loop wakes much later; the estimate then counts at most the
  // greatest lead.
  void learn(std::int64_t late) {
    late = std::min(late, kMostLead);
    deviation += (std::abs(late - lateness) - deviation) / 8;
    lateness += (late - lateness) / 8;
  }
  void poll_until_due() {
    polling_since = uv_hrtime();
    uv_idle_start(&idle, [](uv_idle_t* handle) {
      auto& self = *static_cast<Handle*>(handle->data);
      if (uv_hrtime() >= self.due_ns) self.fire();
    });
  }
  void stop_polling() {
    if (polling_since == 0) return;
    uv_idle_stop(&idle);
    loop.note_polled(uv_hrtime() - std::exchange(polling_since, 0));
  }
  void fire() {
    stop_polling();
    armed = false;
    action();
  }

  IoLoop& loop;
  std::function<void()> action;
  Wake wake;
  uv_poll_t poll{};
  uv_idle_t idle{};
  OwnedFd fd;
  int open_handles = 2;
  bool armed = false;
  std::uint64_t due_ns = 0;
  std::uint64_t asked_ns = 0;       // when the descriptor wakes the timer early; 0 if it does not
  std::uint64_t polling_since = 0;  // 0 if it does not poll
  std::int64_t lateness = kFirstLateness, deviation = kFirstDeviation;
};

PreciseTimer::PreciseTimer(IoLoop& loop, std::function<void()> action, Wake wake)
    : handle_(make(loop, std::move(action), wake)) {}

PreciseTimer::Handle* PreciseTimer::make(IoLoop& loop, std::function<void()> action, Wake wake) {
  constexpr const char* kTimer = "a timer";
  auto handle = std::make_unique<Handle>(loop, std::move(action), wake);
  handle->poll.data = handle->idle.data = handle.get();
  // uv_hrtime() reads CLOCK_MONOTONIC too.
  handle->fd.reset(
      require_descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), kTimer));
  require(uv_poll_init(loop.uv(), &handle->poll, handle->fd.get()), kTimer);
  // From here on nothing fails: libuv has hold of the handles.
  require(uv_idle_init(loop.uv(), &handle->idle), kTimer);
  require(
      uv_poll_start(&handle->poll, UV_READABLE,
                    [](uv_poll_t* poll, int, int) { static_cast<Handle*>(poll->data)->woken(); }),
      kTimer);
  return handle.release();
}

PreciseTimer::~PreciseTimer() {
  handle_->disarm();
  uv_poll_stop(&handle_->poll);
  const auto closed = [](uv_handle_t* one) {
    auto* handle = static_cast<Handle*>(one->data);
    if (--handle->open_handles == 0) delete handle;
  };
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->idle), closed);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->poll), closed);
}

void PreciseTimer::arm(std::uint64_t at_ns) { handle_->arm(at_ns); }

void PreciseTimer::disarm() { handle_->disarm(); }

}  // namespace sim
