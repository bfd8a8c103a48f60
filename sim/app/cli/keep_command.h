// `herdsim keep [--cwd FOLDER] -- COMMAND ARG...`: herdsim's own way of running external programs
// (sim/base/process/keeper.h), not for people, and in no help.
#pragma once

namespace sim {

// With what follows `keep` on the command line, which is not for an option parser: the command's
// arguments are another program's, and must reach it as they are.
int keep_command(int argc, char** argv);

}  // namespace sim
