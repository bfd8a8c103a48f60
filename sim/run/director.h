// Plays the script's events on the herds of a world, and keeps a diary of them.
//
// The fleets play the clients' part of the script at the same time: moves, bursts and lines. The
// diary names those events too.
#pragma once

#include <functional>
#include <vector>

#include "sim/measure/figures/run_results.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/world/event_gate.h"
#include "sim/worlds/world/herd_world.h"

namespace sim {

class Director {
 public:
  // `faults` is by herd. All arguments must outlive the director. Calls `finished` at the end of
  // the script's duration.
  Director(const Scenario& scenario, const std::vector<std::vector<PlannedFault>>& faults,
           HerdWorld& world, std::function<void()> finished);

  // The gate makes clients on a thread of their own wait until the herds' events are played. It
  // must outlive the director. Call before begin().
  void set_gate(EventGate& gate);

  // Plays the script from time zero on.
  void begin();
  // Plays no further events.
  void stop() { stopped_ = true; }

  const std::vector<EventRow>& diary() const { return diary_; }

 private:
  void play_due();
  // Returns whether the script has ended.
  bool play_until(herd::Instant now);
  void play(const Event& event);
  void play(std::uint32_t herd, const PlannedFault& fault);
  // Returns the time of the next event, the next fault or the end of the script.
  herd::Instant next() const;

  const Scenario& scenario_;
  const std::vector<std::vector<PlannedFault>>& faults_;
  HerdWorld& world_;
  std::function<void()> finished_;
  std::size_t next_event_ = 0;
  std::vector<std::size_t> next_fault_;  // by herd
  EventGate* gate_ = nullptr;
  std::vector<herd::Instant> changes_;  // for the gate: the times of faults, in order
  bool stopped_ = false;
  std::vector<EventRow> diary_;
};

}  // namespace sim
