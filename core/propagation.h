// The propagation schemes: rules that decide to which neighbours a server sends a newly accepted
// record.
#pragma once

#include <optional>
#include <string_view>

#include "core/ids.h"

namespace herd {

enum class Scheme {
  kFloodEcho,  // to every neighbour, also the sender; the paper's scheme
  kFlood,      // to every neighbour except the sender: split horizon
};

// Returns the scheme's name in scenario files and CSV, such as "flood-echo".
std::string_view to_string(Scheme scheme);
std::optional<Scheme> scheme_from(std::string_view name);

// Returns true if a new record from `from` (nullopt: from a client) is sent to `to`.
constexpr bool relays_to(Scheme scheme, std::optional<NeighborId> from, NeighborId to) {
  switch (scheme) {
    case Scheme::kFloodEcho:
      return true;
    case Scheme::kFlood:
      return from != to;
  }
  return false;
}

}  // namespace herd
