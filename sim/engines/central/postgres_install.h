// Finds the machine's PostgreSQL, and the user to run it as.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

struct PostgresInstall {
  std::string initdb, postgres;  // paths of the programs
  // The words that begin a command so that it runs as `user`; empty if we are that user.
  std::vector<std::string> as_user;
  uid_t user = 0;
  gid_t group = 0;
};

// Returns the newest version that Debian's packages have installed, or else the one in PATH.
// PostgreSQL refuses to be run by root. If we are root, the user is the one that its package made,
// or else `nobody`. The error names the missing package.
herd::Result<PostgresInstall, Error> find_postgres();

}  // namespace sim
