// The scenario while it is being reduced: its current form, and the attempts to replace it by a
// smaller one.
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
  // `text` must be valid and must fail. `still_fails` must outlive this.
  Shrinking(const std::string& text, const StillFails& still_fails, std::size_t most_runs);

  const json_t* json() const { return json_.get(); }
  const Scenario& scenario() const { return scenario_; }
  std::size_t runs() const { return runs_; }
  bool may_go_on() const { return runs_ < most_runs_; }

  // Replaces the scenario by the candidate and returns true if that is valid and still fails.
  // Refuses a candidate that was tried before without running it.
  bool accept(OwnedJson candidate);

  // mark() returns the current form of the scenario; return_to() restores it.
  OwnedJson mark() const;
  void return_to(OwnedJson marked);

  // Drops as many of `count` parts as possible; tries to drop many at once first. `without(first,
  // last)` returns the scenario without the parts in [first, last), or null if that is impossible.
  // Returns true if any part was dropped.
  template <class Without>
  bool drop_parts(std::size_t count, Without without) {
    bool any = false;
    for (std::size_t size = count; size > 0; size /= 2) {
      // Starts at the end, because later parts often depend on earlier ones.
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
