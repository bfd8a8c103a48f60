// Reads the key `messages` of a scenario.
#pragma once

#include "sim/script/read/json_reader.h"
#include "sim/script/read/schema.h"
#include "sim/script/spec/messages_spec.h"

namespace sim {

MessagesSpec read_messages(const JsonNode& node, Problems& problems);
Schema messages_schema();

}  // namespace sim
