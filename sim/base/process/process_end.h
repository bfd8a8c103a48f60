// How an external program ended.
#pragma once

#include <string>

namespace sim {

struct ProcessEnd {
  enum class Kind {
    kExited,        // value: its exit status
    kKilled,        // value: the signal
    kNotStarted,    // value: errno; 0 where its keeper ended before it could say one
    kNoSuchFolder,  // not started either: it could not go to its folder; value: errno
  };
  Kind kind = Kind::kExited;
  int value = 0;
  // User and system time of all that ran under the program's name, daemons included.
  double cpu_s = 0;

  bool was_started() const { return kind == Kind::kExited || kind == Kind::kKilled; }
  // As "exit status 1", "killed by SIGKILL", "cannot be started: No such file or directory".
  std::string words() const;
};

}  // namespace sim
