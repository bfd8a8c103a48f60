// The CPU time of a thread, in microseconds.
#pragma once

#include <sys/resource.h>

namespace bench {

struct CpuTime {
  double user = 0, kernel = 0;

  // Returns the time that the calling thread has taken since it began.
  static CpuTime of_this_thread() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    const auto us = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return {us(used.ru_utime), us(used.ru_stime)};
  }
  friend CpuTime operator-(const CpuTime& a, const CpuTime& b) {
    return {a.user - b.user, a.kernel - b.kernel};
  }
};

}  // namespace bench
