// The common part of the clients' worlds on real sockets: the run's clock as the script counts it,
// the wake-up, and the handler that plays the clients. The clients' loop and thread only.
#pragma once

#include <functional>
#include <utility>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/precise_timer.h"
#include "sim/base/io/run_clock.h"
#include "sim/worlds/world/client_world.h"

namespace sim {

class LiveClients : public ClientWorld {
 public:
  // The handler must be set before anything else is asked of the world, and outlive it.
  void set_handler(ClientWorldHandler& handler) { handler_ = &handler; }
  // From now on calls `on_exhausted`, with libuv's error, if this process has no descriptor left
  // for a connection to a server, which is not the server's fault.
  void tell_if_exhausted(std::function<void(int error)> on_exhausted) {
    on_exhausted_ = std::move(on_exhausted);
  }
  // `zero`: the run's time zero, on the run's clock.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const override { return herd::Instant(clock_.now() - zero_); }
  void wake_at(herd::Instant when) override {
    timer_.arm(clock_.hrtime_of(zero_ + when.time_since_epoch()));
  }

 protected:
  // The loop and the clock must outlive the world.
  LiveClients(IoLoop& loop, const RunClock& clock)
      : clock_(clock), timer_(loop, [this] { handler_->time_reached(); }) {}

  // The script's time of a reading of uv_hrtime().
  herd::Instant script_time(std::uint64_t hrtime_ns) const {
    return herd::Instant(clock_.at(hrtime_ns) - zero_);
  }
  ClientWorldHandler& handler() { return *handler_; }
  void exhausted(int error) {
    if (on_exhausted_) on_exhausted_(error);
  }

 private:
  const RunClock& clock_;
  ClientWorldHandler* handler_ = nullptr;
  std::function<void(int error)> on_exhausted_;
  herd::Instant zero_;
  PreciseTimer timer_;
};

}  // namespace sim
