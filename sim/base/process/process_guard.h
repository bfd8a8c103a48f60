// A second safety net under external programs. Keepers end all processes of a program when herdsim
// is killed. If keepers are killed or stopped too, the guard does: a process of its own, which
// waits for the end of herdsim and then kills every process with its mark (run_mark.h).
#pragma once

#include <string>

namespace sim {

// Starts the guard of this herdsim process, once. `binary` is the herdsim program. If it cannot be
// started, there is none.
void start_guard(const std::string& binary);

// Returns true if this process has the descriptor that a guard needs.
bool can_guard();
// Runs a guard for the processes with this mark, and returns its exit status. Preconditions:
// can_guard(), and the process has one thread.
int run_guard(const std::string& mark);

}  // namespace sim
