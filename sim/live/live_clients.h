// What every live world has for one herd's clients, whatever they talk to: the script's time, on
// the clients' own loop, and who plays them.
#pragma once

#include "core/time.h"
#include "sim/io/io_loop.h"
#include "sim/io/precise_timer.h"
#include "sim/live/run_clock.h"
#include "sim/world/client_world.h"

namespace sim {

class LiveClients : public ClientWorld {
 public:
  // Before anything else; the handler must outlive the world.
  void set_handler(ClientWorldHandler& handler) { handler_ = &handler; }
  // The run's time zero, on the run's clock.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  herd::Instant now() const final { return herd::Instant(clock_.now() - zero_); }
  void wake_at(herd::Instant when) final {
    timer_.arm(clock_.hrtime_of(zero_ + when.time_since_epoch()));
  }

 protected:
  // Both must outlive the world.
  LiveClients(IoLoop& loop, const RunClock& clock)
      : loop_(loop), clock_(clock), timer_(loop, [this] { handler_->time_reached(); }) {}

  IoLoop& loop_;
  const RunClock& clock_;
  ClientWorldHandler* handler_ = nullptr;

 private:
  herd::Instant zero_;
  PreciseTimer timer_;
};

}  // namespace sim
