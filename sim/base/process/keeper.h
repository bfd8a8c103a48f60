// Runs a command for a herdsim that may die at any time, and sees to it that nothing of the command
// is left when either of them ends: neither processes of its own group nor daemons that left it.
//
// A process of its own, started by ManagedProcess as `herdsim keep`. It speaks keeper_protocol.h on
// descriptor 3, gives the command its own descriptors 1 and 2 as output and /dev/null as input, and
// holds nothing else open. Every signal to it is held back but SIGKILL and SIGSTOP; when it is
// killed itself the command dies with it, its daemons do not.
#pragma once

#include <string>
#include <vector>

namespace sim {

struct KeeperOrder {
  std::vector<std::string> command;  // at least the program's name
  std::string cwd;                   // where it runs; empty: here
  std::string scratch;               // a folder that goes when herdsim has gone; empty: none
};

// Whether this process was started with what a keeper needs.
bool can_keep();

// Returns the keeper's exit status when all is over. Precondition: can_keep(), and one thread.
int run_keeper(const KeeperOrder& order);

}  // namespace sim
