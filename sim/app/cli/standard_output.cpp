#include "sim/app/cli/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <string>
#include <system_error>

namespace sim {
namespace {

// open_standard_descriptors() opens a closed one for reading alone.
bool was_closed() {
  const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
}

}  // namespace

bool flush_standard_output() {
  errno = 0;
  std::cout.flush();  // the option parser prints its help there
  const bool flushed = std::fflush(stdout) == 0;
  if ((flushed && std::ferror(stdout) == 0 && std::cout.good()) || was_closed()) return true;
  // The reason of an earlier failure is not kept.
  const std::string why = errno != 0 ? ": " + std::generic_category().message(errno) : "";
  std::fprintf(stderr, "herdsim: standard output: cannot be written%s\n", why.c_str());
  return false;
}

}  // namespace sim
