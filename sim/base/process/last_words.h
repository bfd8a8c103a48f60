// Ends the process with a sentence and an exit status, and not by a signal, if no code handles an
// error.
#pragma once

#include <exception>

namespace sim {

// From now on three things end the process with "PROGRAM: cannot go on: REASON": an exception that
// leaves a thread or a callback of libuv, jansson's or libuv's lack of memory, and libuv's abort()
// if the kernel refuses what a loop needs. None removes what a killed process would leave. To be
// called once, before either library is used; `program` must stay valid.
void end_with_last_words(const char* program, int exit_status);

// Returns what() of the error in words for people.
const char* words_of(const std::exception& error);

}  // namespace sim
