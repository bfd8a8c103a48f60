// The process around the command line: what holds for every command.
#pragma once

namespace sim {

// Runs the command line and returns its exit status. Every error that a command leaves to its
// caller, a SetUpError among them, becomes a sentence and exit status 3. So does an exception that
// leaves a thread or a callback, and a lack of memory.
int run_process(int argc, char** argv);

}  // namespace sim
