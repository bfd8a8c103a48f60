// How an update travels from server to server: the schemes a herd can choose from, as rules that
// say to which neighbours a newly taken record is sent on.
#pragma once

#include <optional>
#include <string_view>

#include "core/ids.h"

namespace herd {

enum class Scheme {
  kFloodEcho,  // to every neighbour, the one that it came from included: the paper's
  kFlood,      // to every neighbour but the one that it came from: split horizon
};

// The scheme's name in scenario files and CSV, as "flood-echo".
std::string_view to_string(Scheme scheme);
std::optional<Scheme> scheme_from(std::string_view name);

// True where a record first heard from `from` (none: from a client) is sent on to `to`.
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
