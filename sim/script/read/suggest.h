// Finds the known name that a misspelt one was probably meant to be.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// Returns the number of insertions, deletions, substitutions and swaps of neighbours that turn one
// text into the other (optimal string alignment). Upper and lower case are the same.
std::size_t edit_distance(std::string_view a, std::string_view b);

// Returns the largest edit distance between this misspelling and the name that was meant.
inline std::size_t misspelling_limit(std::string_view name) {
  return name.size() < 3 ? 1 : (name.size() + 2) / 3;
}

// Returns the nearest of the names in `known`, if any is near enough; of equally near ones the
// first in byte order. Does not look for a very long name, or among very many: that takes too long
// to be worth it.
template <class Names>
std::optional<std::string> suggest(std::string_view name, const Names& known) {
  constexpr std::size_t kLongest = 100, kMost = 10'000;
  std::optional<std::string> best;
  if (name.size() > kLongest || std::size(known) > kMost) return best;
  std::size_t best_distance = misspelling_limit(name) + 1;
  for (const auto& each : known) {
    const std::string_view candidate(each);
    const std::size_t gap = candidate.size() > name.size() ? candidate.size() - name.size()
                                                           : name.size() - candidate.size();
    if (gap > best_distance) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= candidate.size()) continue;  // nothing in common
    if (distance < best_distance || (distance == best_distance && best && candidate < *best)) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace sim
