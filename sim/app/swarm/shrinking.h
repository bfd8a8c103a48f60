// The scenario in the midst of being made small: what it is now, and whether something smaller may
// take its place.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/app/swarm/shrink.h"
#include "sim/base/json/owned_json.h"
#include "sim/script/spec/scenario.h"

namespace sim {

class Shrinking {
 public:
  // `text` is valid and fails.
  Shrinking(const std::string& text, const StillFails& still_fails, std::size_t most_runs);

  const json_t* json() const { return json_.get(); }
  const Scenario& scenario() const { return scenario_; }
  std::size_t runs() const { return runs_; }
  bool may_go_on() const { return runs_ < most_runs_; }

  // True where the candidate is valid and still fails: then it is the scenario from now on. One
  // that was tried before is not tried again.
  bool accept(OwnedJson candidate);

  // Where the scenario is now, to come back to.
  OwnedJson mark() const;
  void return_to(OwnedJson marked);

  // Takes as many of `count` parts away as can be missing, many at once first. `without` gives
  // the scenario without the parts from `first` to before `last`, or nullptr where that cannot
  // be. True where any went.
  template <class Without>
  bool drop_parts(std::size_t count, Without without) {
    bool any = false;
    for (std::size_t size = count; size > 0; size /= 2) {
      // From behind: what comes later often rests on what came before.
      for (std::size_t last = count; last > 0;) {
        if (!may_go_on()) return any;
        const std::size_t first = last > size ? last - size : 0;
        OwnedJson candidate = without(first, last);
        if (candidate && accept(std::move(candidate))) {
          any = true;
          count -= last - first;
        }
        last = first;
      }
    }
    return any;
  }

 private:
  const StillFails& still_fails_;
  std::size_t most_runs_;
  std::size_t runs_ = 0;
  OwnedJson json_;
  Scenario scenario_;
  std::unordered_set<std::string> tried_;
};

}  // namespace sim
