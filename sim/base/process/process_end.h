// How an external program ended.
#pragma once

#include <string>

namespace sim {

struct ProcessEnd {
  enum class Kind {
    kExited,        // value: its exit status
    kKilled,        // value: the signal
    kNotStarted,    // value: errno; 0 if its keeper ended before it could report one
    kNoSuchFolder,  // not started: its folder cannot be entered; value: errno
  };
  Kind kind = Kind::kExited;
  int value = 0;
  // User and system time of all processes of the program, including daemons, in seconds.
  double cpu_s = 0;

  bool was_started() const { return kind == Kind::kExited || kind == Kind::kKilled; }
  // Returns text such as "exit status 1", "killed by SIGKILL", "cannot be started: No such file or
  // directory".
  std::string words() const;
};

}  // namespace sim
