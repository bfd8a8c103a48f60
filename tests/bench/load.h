// A load generator that uses as little processor time as possible. Its connections each keep a
// number of IAMATs in flight, on one separate thread. It counts answers and never parses them. All
// engines and baselines use it, so that ratios are fair.
#pragma once

#include <cstdint>
#include <string>

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

// Returns the length of each line, the same for the life of the process. Client times grow from one
// call to the next, so that every line is news.
std::size_t line_size();

// Blocks until the time is over and every answer has come. Ends the process on an error, because no
// measurement is possible then.
LoadResult run_load(const LoadSpec& spec);

}  // namespace bench
