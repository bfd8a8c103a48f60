// Marks in the environments of the processes that herdsim starts. All that a marked process starts
// has the mark too, however it detaches itself, unless it is given an environment of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The variable that holds the marks, the outermost herdsim's first.
inline constexpr const char* kMarkVariable = "HERDSIM_RUN";

// Returns the part that all marks of this herdsim process have, and no other process's.
const std::string& run_mark();
// Returns a new mark.
std::string next_mark();
// Returns the value of the variable for a process that is to have `mark`.
std::string marked_with(const std::string& mark);

// Returns the living processes whose marks contain `mark`. Those whose environment this user may
// not read are missing.
std::vector<pid_t> marked_processes(std::string_view mark);

}  // namespace sim
