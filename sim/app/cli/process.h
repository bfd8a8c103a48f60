// The process around the command line: the error handling that all commands share.
#pragma once

namespace sim {

// Runs the command line and returns its exit status. Turns every exception that a command leaves,
// SetUpError among them, into an error message and exit status 3. Does the same for an exception
// that leaves a thread or a callback, and for a lack of memory.
int run_process(int argc, char** argv);

}  // namespace sim
