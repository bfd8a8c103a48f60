// For tests of what the process does when it can have no more of something: in a child, so that
// the tests beside it can.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <functional>

namespace sim {

// Runs `action` in a child process. Returns what it returned, or -1 if a signal ended the child,
// also after half a minute.
inline int in_child(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);
    ::_exit(action());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// From now on the process can open `left` more descriptors.
inline void leave_descriptors(unsigned left) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t end = 0;
  for (unsigned free = 0; free < left || ::fcntl(static_cast<int>(end), F_GETFD) >= 0; ++end) {
    if (::fcntl(static_cast<int>(end), F_GETFD) < 0) ++free;
  }
  limit.rlim_cur = end;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The highest number that a descriptor may have is one less than before.
inline void lower_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  --limit.rlim_cur;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

inline void leave_all_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace sim
