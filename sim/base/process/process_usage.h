// The use of the machine's resources by an external program: its process and all descendants,
// including daemons.
#pragma once

#include <sys/types.h>

#include "sim/base/process/process_table.h"

namespace sim {

struct ProcessUsage {
  // User and system time in seconds, in steps of the kernel's clock tick (usually 10 ms). It
  // includes ended processes once their parent has waited for them, but not children of a parent
  // that ignores SIGCHLD. A process that ends while the table is read may be missing from one
  // reading.
  double cpu_s = 0;
  // The sum over the living processes. This is an upper bound, because a page that several
  // processes share counts once for each. Shared pages are program code, for example, or memory
  // that a fork has not written to.
  double resident_mib = 0;
};

// Returns the usage of all processes under a keeper (ManagedProcess::keeper_pid()), without the
// keeper. Zero if there is no such keeper. Any thread may call it.
ProcessUsage usage_under_keeper(const ProcessTable& table, pid_t keeper);

// Returns the usage of a process and of the descendants that did not detach from it. Zero if there
// is no such process.
ProcessUsage usage_of(const ProcessTable& table, pid_t pid);

}  // namespace sim
