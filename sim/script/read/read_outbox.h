// Reads `outbox` of a herd: how much may wait on its links.
#pragma once

#include <cstddef>
#include <optional>

#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"

namespace sim {

// Returns the window in bytes; nullopt if anything is wrong with it.
std::optional<std::size_t> read_outbox(const JsonNode& node, Problems& problems);
Schema outbox_schema();

}  // namespace sim
