// A live world's side for one herd's clients, whatever they talk to: what the clients' thread has
// to tell it besides.
#pragma once

#include "core/time.h"
#include "sim/world/client_world.h"

namespace sim {

class LiveClients : public ClientWorld {
 public:
  // Once, before anything else; the handler must outlive the world.
  virtual void set_handler(ClientWorldHandler& handler) = 0;
  // The run's time zero, on the run's clock.
  virtual void set_zero(herd::Instant zero) = 0;
};

}  // namespace sim
