// A load generator that is as light as it can be: connections that each keep a number of IAMATs in
// flight, on a thread of its own, counting answers and never reading them. Every engine and floor
// is driven by the same one, so that ratios are fair.
#pragma once

#include <cstdint>
#include <string>

namespace bench {

struct LoadSpec {
  std::uint16_t port = 0;  // on 127.0.0.1
  int connections = 16;
  int in_flight = 32;  // lines on each connection
  double seconds = 1;
  int pause_us = 0;  // after the answers of a turn, before the next lines
};

struct LoadResult {
  std::uint64_t answers = 0;
  double seconds = 0;
  double per_second() const { return static_cast<double>(answers) / seconds; }
};

// The lines have the same length for the whole life of the process. Client times go up from one
// call to the next, so that every line is news.
std::size_t line_size();

// Blocks until the time is over and every answer has come. Ends the process on an error: there is
// nothing to measure then.
LoadResult run_load(const LoadSpec& spec);

}  // namespace bench
