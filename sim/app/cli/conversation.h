// A TCP connection to a server: lines out, lines in, each wait bounded by a timeout.
#pragma once

#include <string>

namespace sim {

// Blocks the calling thread. Every function returns an empty string if it succeeded, and otherwise
// what went wrong, for a person.
class Conversation {
 public:
  // `timeout_s`: how long read_line() waits, in seconds, above 0 and at most kMaxTimeout.
  explicit Conversation(double timeout_s) : timeout_s_(timeout_s) {}
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  static constexpr double kMaxTimeout = 1e6;

  // Tries every address of the host in turn. Call once, first.
  std::string connect(const std::string& host, const std::string& port);
  std::string send_line(const std::string& line);
  // Stores the next line in `line`, without its newline.
  std::string read_line(std::string& line);

 private:
  double timeout_s_;
  int fd_ = -1;
  std::string buffer_;  // received, not yet returned
};

}  // namespace sim
