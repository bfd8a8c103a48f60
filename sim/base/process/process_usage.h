// What an external program uses of the machine: the process that was started and all that came of
// it, daemons of its own included.
#pragma once

#include <sys/types.h>

#include "sim/base/process/process_table.h"

namespace sim {

struct ProcessUsage {
  // User and system time, in steps of the kernel's clock tick (10 ms as a rule), that of processes
  // that have ended included, once they were waited for. Not that of those whose parent ignores
  // SIGCHLD. A process that ends while the table is read may be missing from one reading.
  double cpu_s = 0;
  // The sum over the living processes: a page that several of them share (the program's code, what
  // a fork has not yet written to) counts once for each, so that this is an upper bound.
  double resident_mib = 0;
};

// Of all that runs under a keeper (ManagedProcess::keeper_pid()), without the keeper. Zero where
// there is none. Any thread.
ProcessUsage usage_under_keeper(const ProcessTable& table, pid_t keeper);

// Of a process and its descendants, as far as those have not left it. Zero where there is none.
ProcessUsage usage_of(const ProcessTable& table, pid_t pid);

}  // namespace sim
