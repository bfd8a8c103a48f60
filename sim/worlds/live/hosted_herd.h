// A herd as a live run has it, whatever its servers are made of: servers of our own on a loop, or
// programs of somebody else's. Starts and stops the servers, knows their addresses, and applies
// faults to them.
//
// The run's thread only.
#pragma once

#include <uv.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/time.h"
#include "sim/script/spec/fault.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

class HostedHerd {
 public:
  virtual ~HostedHerd() = default;

  virtual const HerdSpec& spec() const = 0;
  // Begins to come up. The creator of the herd is told when it may have become ready.
  virtual void start() = 0;
  // Every server listens and every link is proven.
  virtual bool ready() const = 0;
  // Returns what the herd still waits for, in words; empty once it is ready.
  virtual std::string missing() const = 0;
  // How long it may take.
  virtual std::chrono::milliseconds timeout() const = 0;
  // Where clients find the server; once ready.
  virtual sockaddr_storage address(std::uint32_t server) const = 0;
  // The script's time zero, on the run's clock.
  virtual void set_zero(herd::Instant zero) = 0;
  // Its servers have nothing more to say to each other, as far as it can tell: what is on its way
  // between them is counted elsewhere.
  virtual bool settled() const = 0;
  // Calls `look` while none of its servers does anything, as far as that is ours to say, so that
  // all that it sees is of one moment.
  virtual void hold_still(const std::function<void()>& look) { look(); }
  // Its servers do nothing from now on, as far as that is ours to say: what is seen of them is what
  // is left in the end. No fault comes after it.
  virtual void freeze() {}
  // The processor time, in seconds, that threads of its own have taken so far; before stop().
  virtual double own_threads_cpu_s() const { return 0; }
  // Goes. `gone` is called, perhaps from within this call, when nothing of it is left but what is
  // known of it. To be called once; no fault comes after it.
  virtual void stop(std::function<void()> gone) = 0;

  // Does the fault to the herd's links and servers, now. SetPlaces has no effect here: the run's
  // providers are not the herd's.
  virtual void apply(const Fault& fault) = 0;
};

}  // namespace sim
