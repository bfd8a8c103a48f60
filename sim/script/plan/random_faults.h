// Flapping and chaos: faults that are drawn from the seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"
#include "sim/script/plan/agenda.h"
#include "sim/script/plan/fault_state.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Each flapping target and each kind of chaos has its own random stream, numbered in the order in
// which such events begin. So other events do not change its draws, and herds with the same servers
// and links get the same draws.
class RandomFaults {
 public:
  // All arguments must outlive this object until the agenda is played.
  RandomFaults(std::uint64_t seed, const HerdSpec& herd, FaultState& state, Agenda& agenda)
      : seed_(seed), herd_(herd), state_(state), agenda_(agenda) {}

  // Begin the faults of an event. Must be called at the event's time, `at`.
  void begin(const FlapEvent& flap, herd::Instant at, std::uint32_t event);
  void begin(const ChaosEvent& chaos, herd::Instant at, std::uint32_t event);
  // Draws so many links, in the order of their numbers. Precondition: the herd has as many.
  std::vector<std::uint32_t> draw_links(std::uint32_t count);

 private:
  struct Flapping;
  struct Process;  // one kind of chaos

  void go_off(const std::shared_ptr<Flapping>& flapping, herd::Instant at);
  void go_on(const std::shared_ptr<Flapping>& flapping, herd::Instant at);
  void await_fault(const std::shared_ptr<Process>& process, herd::Instant from);
  void strike(Process& process, herd::Instant at);

  std::uint64_t seed_;
  const HerdSpec& herd_;
  FaultState& state_;
  Agenda& agenda_;
  std::map<std::string, std::uint32_t> flaps_;  // begun so far, by target
  std::uint32_t chaos_ = 0;                     // begun so far
  std::uint32_t draws_of_links_ = 0;            // so far
};

}  // namespace sim
