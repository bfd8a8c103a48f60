// Runs a command for a herdsim that may die at any time. When either of them ends, the keeper kills
// all that is left of the command: the processes of its group and daemons that left it.
//
// The keeper is a process of its own. ManagedProcess starts it as `herdsim keep`. It speaks
// keeper_protocol.h on descriptor 3. It passes its descriptors 1 and 2 to the command as output,
// and /dev/null as input, and has no other descriptors open. It blocks every signal except SIGKILL
// and SIGSTOP. If the keeper itself is killed, the command dies with it, and ManagedProcess kills
// the command's daemons.
#pragma once

#include <string>
#include <vector>

namespace sim {

struct KeeperOrder {
  std::vector<std::string> command;  // at least the program's name
  std::string cwd;                   // folder to run in; empty: the current one
  std::string scratch;               // folder to remove when herdsim has gone; empty: none
};

// Returns true if this process has the descriptor that a keeper needs.
bool can_keep();

// Runs the keeper and returns its exit status. Preconditions: can_keep(), and the process has one
// thread.
int run_keeper(const KeeperOrder& order);

}  // namespace sim
