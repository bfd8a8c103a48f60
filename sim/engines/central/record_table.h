// The table in which a central herd keeps its records, and what its front ends ask of it.
//
// Fields are bytes, compared as bytes, so that the database orders records just as core/record.h
// does. A record that only repeats the one held (same time, place and server) is not newer; and
// where these three differ, they alone decide which is.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Half of each page is left free: a record that is replaced then stays in its page, and its index
// is left alone.
inline constexpr const char* kCreateRecords =
    "CREATE TABLE records ("
    "client bytea PRIMARY KEY, time_ns bigint NOT NULL, location bytea NOT NULL, "
    "server bytea NOT NULL, report bytea NOT NULL) WITH (fillfactor = 50)";

// $1 to $5: the columns, in that order. Writes one row where the report is newer than what is held,
// and none where it is not.
inline constexpr const char* kStoreRecord =
    "INSERT INTO records AS held VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (client) DO UPDATE SET (time_ns, location, server, report) = "
    "(excluded.time_ns, excluded.location, excluded.server, excluded.report) "
    "WHERE (excluded.time_ns, excluded.location, excluded.server) > "
    "(held.time_ns, held.location, held.server)";

// $1: the client.
inline constexpr const char* kFindRecord = "SELECT report FROM records WHERE client = $1";

inline constexpr const char* kAllRecords = "SELECT report FROM records";

// What stands for a client in the table: its id, or where that is longer than an index takes, a
// space, which no id has, and its hash.
std::string record_key(std::string_view client);

}  // namespace sim
