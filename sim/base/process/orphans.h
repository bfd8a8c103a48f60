// What is left of a command whose keeper was killed. herdsim is then the nearest process that takes
// in orphans, so they become its children.
#pragma once

#include <sys/types.h>

#include <string_view>

namespace sim {

// From now on this process takes in the orphans of its descendants.
void take_in_orphans();

// These name the children that are no orphans. Any thread may call them.
void add_own_child(pid_t pid);
void remove_own_child(pid_t pid);

// Kills every process with this mark (run_mark.h), every orphan that this process has taken in, and
// all that they start meanwhile. Waits until they are gone, usually a few milliseconds, at most two
// seconds.
void kill_orphans(std::string_view mark);

}  // namespace sim
