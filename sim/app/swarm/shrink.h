// Makes a scenario that fails small: fewer herds, servers, links, clients, events, a shorter script
// and simpler values, for as long as it still fails. (Delta debugging: A. Zeller and R.
// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002, over the scenario's JSON.)
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace sim {

// Whether a scenario, valid for the ordinary reader, still fails in the way that is looked for.
using StillFails = std::function<bool(const std::string& text)>;

struct Shrunk {
  std::string text;
  std::size_t runs = 0;  // times that `still_fails` was asked
};

// `text` fails; so does what is returned. Asks at most `most_runs` times, and always in the same
// order: the same text and answers give the same result.
Shrunk shrink(const std::string& text, const StillFails& still_fails, std::size_t most_runs);

}  // namespace sim
