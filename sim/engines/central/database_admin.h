// What is asked of the database before the first and after the last of its clients. Each call waits
// for the answer, a bounded time. Any one thread.
#pragma once

#include <optional>
#include <string>

#include "core/record_store.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// Makes the table. `folder` is the socket's.
std::optional<Error> create_record_table(const std::string& folder);

// Adds all records to `records`.
std::optional<Error> read_record_table(const std::string& folder, herd::RecordStore& records);

}  // namespace sim
