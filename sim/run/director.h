// Plays the script's events over the herds of a world, and keeps a diary of what happened.
// The clients' own part of the script (moves, bursts, lines) is played by their fleets at the same
// time; the diary names it all the same.
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
  // `faults` by herd. All must outlive the director. `finished` is called when the script's
  // duration is over.
  Director(const Scenario& scenario, const std::vector<std::vector<PlannedFault>>& faults,
           HerdWorld& world, std::function<void()> finished);

  // Clients on a thread of their own wait behind it for what is done to the herds. It must outlive
  // the director. Before begin(), when the faults are all there.
  void set_gate(EventGate& gate);

  // From time zero on.
  void begin();
  // Plays nothing more.
  void stop() { stopped_ = true; }

  const std::vector<EventRow>& diary() const { return diary_; }

 private:
  void play_due();
  // Whether the script is over with that.
  bool play_until(herd::Instant now);
  void play(const Event& event);
  void play(std::uint32_t herd, const PlannedFault& fault);
  // The moment of what comes next: an event, a fault, or the end of the script.
  herd::Instant next() const;

  const Scenario& scenario_;
  const std::vector<std::vector<PlannedFault>>& faults_;
  HerdWorld& world_;
  std::function<void()> finished_;
  std::vector<PlacesFaults> places_;  // by herd, as they are now
  std::size_t next_event_ = 0;
  std::vector<std::size_t> next_fault_;  // by herd
  EventGate* gate_ = nullptr;
  std::vector<herd::Instant>
      changes_;  // for the gate: when something is done to the herds, in order
  bool stopped_ = false;
  std::vector<EventRow> diary_;
};

}  // namespace sim
