// The table in which a central herd keeps its records, and the statements that its front ends use.
//
// Fields are bytes, compared as bytes, so that the database orders records just as core/record.h
// does. A record that only repeats the one held (same time, place and server) is not newer. If
// these three differ, they alone decide which record is newer.
#pragma once

#include <string>
#include <string_view>

namespace sim {

// Half of each page is left free. A replaced record then stays in its page, and its index entry
// does not change.
inline constexpr const char* kCreateRecords =
    "CREATE TABLE records ("
    "client bytea PRIMARY KEY, time_ns bigint NOT NULL, location bytea NOT NULL, "
    "server bytea NOT NULL, report bytea NOT NULL) WITH (fillfactor = 50)";

// $1 to $5: the columns, in that order. Writes one row if the report is newer than the record held,
// and none otherwise.
inline constexpr const char* kStoreRecord =
    "INSERT INTO records AS held VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (client) DO UPDATE SET (time_ns, location, server, report) = "
    "(excluded.time_ns, excluded.location, excluded.server, excluded.report) "
    "WHERE (excluded.time_ns, excluded.location, excluded.server) > "
    "(held.time_ns, held.location, held.server)";

// $1: the client.
inline constexpr const char* kFindRecord = "SELECT report FROM records WHERE client = $1";

inline constexpr const char* kAllRecords = "SELECT report FROM records";

// Returns the key of a client in the table: its id or, if that is too long for an index, a space
// and the id's hash. No id contains a space.
std::string record_key(std::string_view client);

}  // namespace sim
