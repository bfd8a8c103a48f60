// Owning types for libpq's objects, and the way we log in.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

namespace sim {

struct PgDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgConnection = std::unique_ptr<PGconn, PgDeleter>;
using PgResult = std::unique_ptr<PGresult, PgDeleter>;

// Begins to connect to the server whose socket is in `folder`, and ignores other servers that the
// environment names. Returns null if memory runs out.
PgConnection begin_connecting(const std::string& folder);

// Returns the last error of the connection, on one line.
std::string words_of(const PGconn* connection);

}  // namespace sim
