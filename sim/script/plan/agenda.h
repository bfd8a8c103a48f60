// Steps that run in order of time while a plan is made. Each step may add later ones.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "core/time.h"

namespace sim {

class Agenda {
 public:
  // Adds a step. Steps of the same time run in the order in which they were added. `at` must not be
  // earlier than the step that is running.
  void add(herd::Instant at, std::function<void()> step) {
    steps_.push({at, added_++, std::move(step)});
  }
  // Runs all steps, and the steps that they add.
  void play() {
    while (!steps_.empty()) {
      const std::function<void()> step = steps_.top().act;
      steps_.pop();
      step();
    }
  }

 private:
  struct Step {
    herd::Instant at;
    std::uint64_t number = 0;
    std::function<void()> act;
    friend bool operator>(const Step& a, const Step& b) {
      return a.at != b.at ? a.at > b.at : a.number > b.number;
    }
  };
  std::priority_queue<Step, std::vector<Step>, std::greater<>> steps_;
  std::uint64_t added_ = 0;
};

}  // namespace sim
