// Plays the script's events over the herds of a world, and keeps a diary of what happened.
// The clients' own part of the script (moves, bursts, lines) is played by their fleets at the same
// time; the diary names it all the same.
#pragma once

#include <functional>
#include <vector>

#include "sim/results/run_results.h"
#include "sim/scenario/scenario.h"
#include "sim/world/herd_world.h"

namespace sim {

class Director {
 public:
  // Both must outlive the director. `finished` is called when the script's duration is over.
  Director(const Scenario& scenario, HerdWorld& world, std::function<void()> finished);

  // From time zero on.
  void begin();
  // Plays nothing more.
  void stop() { stopped_ = true; }

  const std::vector<EventRow>& diary() const { return diary_; }

 private:
  void play_due();
  void play(const Event& event);

  const Scenario& scenario_;
  HerdWorld& world_;
  std::function<void()> finished_;
  std::vector<PlacesFaults> places_;  // by herd, as they are now
  std::size_t next_ = 0;
  bool stopped_ = false;
  std::vector<EventRow> diary_;
};

}  // namespace sim
