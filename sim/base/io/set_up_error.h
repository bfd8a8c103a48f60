// The error of a set-up that the machine has not enough of something for: descriptors, threads.
//
// Constructors of what lives on a loop throw it, as does start_thread(). run_process() turns it
// into exit status 3 and a sentence; a run catches it sooner, so that the sentence names the
// scenario. No exception may cross libuv's C code. A callback that sets something up therefore
// catches the error itself. IoLoop::run() ends the program if an exception gets out of a callback
// all the same.
#pragma once

#include <stdexcept>

#include "sim/base/io/uv_error.h"

namespace sim {

class SetUpError : public std::runtime_error {
 public:
  explicit SetUpError(const Error& error) : std::runtime_error(error.message) {}
};

// Throws "cannot make WHAT: REASON" if `result`, which a call of libuv returned, is an error.
inline void require(int result, const char* what) {
  if (result < 0) throw SetUpError(uv_failure(std::string("cannot make ") + what, result));
}

// Returns `fd`, which a system call returned. Throws the same if it is -1, from errno.
[[nodiscard]] int require_descriptor(int fd, const char* what);

}  // namespace sim
