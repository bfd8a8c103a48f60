// libpq's things as owned ones, and how we log in.
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

// Begins to connect to the server whose socket is in that folder, whatever the environment says of
// other servers. Null where there is no memory.
PgConnection begin_connecting(const std::string& folder);

// What went wrong last, on one line.
std::string words_of(const PGconn* connection);

}  // namespace sim
