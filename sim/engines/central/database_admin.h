// Requests to the database before its first client connects and after its last one leaves. Each
// call waits for the answer, for a bounded time. Any one thread.
#pragma once

#include <optional>
#include <string>

#include "core/record_store.h"
#include "sim/base/io/uv_error.h"

namespace sim {

// Creates the table of records. `folder` is the folder of the database's socket.
std::optional<Error> create_record_table(const std::string& folder);

// Adds all records of the table to `records`.
std::optional<Error> read_record_table(const std::string& folder, herd::RecordStore& records);

}  // namespace sim
