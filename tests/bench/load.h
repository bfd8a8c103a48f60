// Loads a server of this process, on the calling thread, with the connections of the load generator
// of sim/paper. All engines and baselines use it, so that ratios are fair.
#pragma once

#include <cstdint>

namespace bench {

struct LoadSpec {
  std::uint16_t port = 0;  // on 127.0.0.1
  int connections = 16;
  int in_flight = 32;  // lines in flight on each connection
  double seconds = 1;
  int pause_us = 0;  // from the answers of a turn to the next lines, in microseconds
};

struct LoadResult {
  std::uint64_t answers = 0;
  double seconds = 0;
  double per_second() const { return static_cast<double>(answers) / seconds; }
};

// Blocks until the time is over and every answer has come. Client times grow from one call to the
// next, so that every line is news. Ends the process on an error, because no measurement is
// possible then.
LoadResult run_load(const LoadSpec& spec);

}  // namespace bench
