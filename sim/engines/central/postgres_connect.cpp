#include "sim/engines/central/postgres_connect.h"

#include <algorithm>
#include <array>

#include "sim/engines/central/postgres_server.h"

namespace sim {

PgConnection begin_connecting(const std::string& folder) {
  // All parameters that the environment could set otherwise.
  const std::array<const char*, 9> keys = {"host",    "port",       "dbname",           "user",
                                           "sslmode", "gssencmode", "application_name", "options",
                                           nullptr};
  const std::array<const char*, 9> values = {folder.c_str(),
                                             PostgresServer::kPort,
                                             PostgresServer::kDatabase,
                                             PostgresServer::kUser,
                                             "disable",
                                             "disable",
                                             "herdsim",
                                             "-c statement_timeout=0",
                                             nullptr};
  return PgConnection(PQconnectStartParams(keys.data(), values.data(), 0));
}

std::string words_of(const PGconn* connection) {
  std::string words = PQerrorMessage(connection);
  while (!words.empty() && words.back() == '\n') words.pop_back();
  std::replace(words.begin(), words.end(), '\n', ' ');
  return words;
}

}  // namespace sim
