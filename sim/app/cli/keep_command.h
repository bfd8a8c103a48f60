// `herdsim keep [--cwd FOLDER] -- COMMAND ARG...`: how herdsim itself runs external programs
// (sim/base/process/keeper.h). It is not for people, and no help lists it.
#pragma once

namespace sim {

// Runs the command and returns the exit status. `argv` begins after `keep`. No option parser may
// see it, because the command's arguments must reach the other program unchanged.
int keep_command(int argc, char** argv);
// The same for `herdsim guard MARK` (sim/base/process/process_guard.h).
int guard_command(int argc, char** argv);

}  // namespace sim
