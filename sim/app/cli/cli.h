// The command line: from argv to an exit status.
#pragma once

namespace sim {

// Parses the command line, runs the command that it names, and returns the process's exit status
// (see exit_status.h). Reports a bad command line on standard error and runs nothing. Call once, on
// the main thread.
int run_cli(int argc, char** argv);

}  // namespace sim
