// Where PostgreSQL is on this machine, and as whom it is to be run.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/result.h"
#include "sim/base/io/uv_error.h"

namespace sim {

struct PostgresInstall {
  std::string initdb, postgres;  // the programs
  // What a command begins with so that it runs as `user`; empty where that is who we are.
  std::vector<std::string> as_user;
  uid_t user = 0;
  gid_t group = 0;
};

// The newest that Debian's packages have installed, else what PATH has. PostgreSQL refuses to be
// run by root: for root it is run by the user that its package made, or by nobody. The error names
// the package that is missing.
herd::Result<PostgresInstall, Error> find_postgres();

}  // namespace sim
