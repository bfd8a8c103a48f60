// Asks a herd's servers which updates they hold, over connections of its own, if the scenario has
// the herd watched in that way. Tells an OutsideWatch what they answer.
//
// The herd's thread only.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/foreign/foreign_client_world.h"
#include "sim/engines/watch/outside_watch.h"
#include "sim/engines/watch/whatsat_watch.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

class HerdQuestions {
 public:
  struct Setup {
    const HerdSpec* spec = nullptr;  // with an engine
    const Plan* plan = nullptr;
    std::vector<sockaddr_storage> servers;  // where each of them listens
    herd::Instant zero;                     // the script's time zero, on the run's clock
    std::function<void(const Error&)> on_failure;
  };
  // Begins to ask. All arguments must outlive the questions. Precondition: `watch` has begun.
  HerdQuestions(IoLoop& loop, const RunClock& clock, OutsideWatch& watch, Setup setup);

  // Tells of an answered update, which `watch` knows already. If it was accepted, the other servers
  // are asked until they hold it.
  void answered(std::uint32_t update, std::uint32_t server);
  // Returns whether any answer was a report of the script.
  bool has_seen_any() const { return asker_.has_seen_any(); }
  bool settled() const { return asker_.settled(); }
  // Stops asking.
  void stop() { asker_.stop(); }

 private:
  OutsideWatch& watch_;
  ForeignClientWorld world_;
  WhatsatWatch asker_;
};

}  // namespace sim
