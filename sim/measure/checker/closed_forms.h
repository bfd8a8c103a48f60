// The number of messages that an undisturbed update takes by its scheme's closed form, in the part
// of the herd to which the origin is connected.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/propagation.h"
#include "sim/script/spec/scenario.h"

namespace sim {

using Component = herd::HerdPart;

struct FloodCounts {
  std::uint64_t messages = 0, deliveries = 0, duplicates = 0, echoes = 0;
  friend bool operator==(const FloodCounts&, const FloodCounts&) = default;
};

// Returns what is true of every undisturbed update, whatever the scheme.
herd::UpdateBounds bounds_of(const herd::Scheme& scheme, const Component& component);
// Returns nullopt if the bounds, which are the component's, have no closed form.
std::optional<FloodCounts> closed_form(const herd::UpdateBounds& bounds,
                                       const Component& component);
inline std::optional<FloodCounts> closed_form(const herd::Scheme& scheme,
                                              const Component& component) {
  return closed_form(bounds_of(scheme, component), component);
}

// Returns the herd as a whole, as if all its links were up and it were connected.
Component whole_of(const HerdSpec& herd);

// The components of a herd whose links are up or down: the component of each server, and the size
// of each component.
struct Components {
  std::vector<std::uint32_t> of_server;
  std::vector<Component> list;
};

// `up` is indexed by link.
Components find_components(const HerdSpec& herd, const std::vector<bool>& up);

}  // namespace sim
