// Steps that are done in order of time while a plan is worked out; each may add later ones.
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
  // At one instant what was added first is done first. Not for a time that is past already.
  void add(herd::Instant at, std::function<void()> step) {
    steps_.push({at, added_++, std::move(step)});
  }
  // Does everything, with what is added meanwhile.
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
