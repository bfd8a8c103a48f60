// One connection of the load generator, which keeps IAMAT lines in flight.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/paper/load/histogram.h"

namespace load {

// Nanoseconds of the monotonic clock.
std::uint64_t now_ns();

class Connection {
 public:
  // Connects. `number` is part of the id of its client.
  Connection(std::uint16_t port, std::size_t number, std::size_t in_flight);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }
  std::size_t pending() const { return pending_; }

  // Sends lines, each newer than every line before; `now` counts as the time of sending.
  void send_lines(std::size_t count, std::uint64_t now);

  // Reads what has arrived; adds the waits of the answers; returns the number of answers.
  std::size_t read_answers(Histogram& waits);

 private:
  int fd_ = -1;
  std::string begin_;  // of each line
  std::string out_;
  // A ring of the times at which the lines in flight were sent.
  std::vector<std::uint64_t> sent_;
  std::size_t oldest_ = 0;
  std::size_t pending_ = 0;
};

}  // namespace load
