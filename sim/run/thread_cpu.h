// The processor time of the calling thread.
#pragma once

#include <ctime>

namespace sim {

// Returns the processor time since the thread began, in seconds.
inline double thread_cpu_s() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

}  // namespace sim
