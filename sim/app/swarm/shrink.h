// Reduces a scenario that fails: fewer herds, servers, links, clients and events, a shorter script
// and simpler values, as long as it still fails. This is delta debugging (A. Zeller and R.
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002) over the scenario's JSON.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace sim {

// Returns whether a valid scenario still fails in the same way.
using StillFails = std::function<bool(const std::string& text)>;

struct Shrunk {
  std::string text;
  std::size_t runs = 0;  // the number of calls of `still_fails`
};

// Returns a scenario that fails, as `text` does. Calls `still_fails` at most `most_runs` times, in
// an order that depends only on the text and the answers, so the result is deterministic.
Shrunk shrink(const std::string& text, const StillFails& still_fails, std::size_t most_runs);

}  // namespace sim
