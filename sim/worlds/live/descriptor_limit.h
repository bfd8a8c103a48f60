// Every connection is a descriptor, at both of its ends where both are ours.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/io/uv_error.h"

namespace sim {

// Raises the process's limit on open files to the highest that it may set itself.
void raise_descriptor_limit();
// The same. Returns an error, which says what to do, if that is less than `needed`.
[[nodiscard]] std::optional<Error> raise_descriptor_limit(std::uint64_t needed);

struct DescriptorUse {
  std::uint64_t open = 0;   // how many are open
  std::uint64_t limit = 0;  // how many may be open
};
DescriptorUse descriptor_use();

}  // namespace sim
