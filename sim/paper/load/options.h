// The command line of the load generator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace load {

struct Options {
  std::vector<std::uint16_t> ports;  // on 127.0.0.1; the connections are spread over them
  std::size_t connections = 16;
  std::size_t in_flight = 32;  // lines in flight on each connection
  double window_s = 0.25;
  double most_s = 60;     // ends then, even if standard input stays open
  std::vector<int> pids;  // the processes of the servers, whose processor time is told
};

// Ends the process with status 2 and a message if the arguments are wrong.
Options read_options(int count, char** arguments);

// Ends the process with status 1 and a message: without a connection or a reply nothing can be
// measured.
[[noreturn]] void abandon(const std::string& why);

}  // namespace load
