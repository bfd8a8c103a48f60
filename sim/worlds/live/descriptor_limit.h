// Every connection is a descriptor, at both of its ends where both are ours.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/io/uv_error.h"

namespace sim {

// Raises the process's limit on open files to the highest that it may set itself. An error, which
// says what to do, where that is less than `needed`.
std::optional<Error> raise_descriptor_limit(std::uint64_t needed = 0);

}  // namespace sim
