#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"

namespace sim {
namespace {

using Clock = std::chrono::steady_clock;

// A blocking conversation, a line at a time, with a bound on each wait.
class Conversation {
 public:
  explicit Conversation(double timeout_s) : timeout_s_(timeout_s) {}
  ~Conversation() {
    if (fd_ >= 0) close(fd_);
  }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // Empty, or why not.
  std::string connect(const std::string& host, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found)) {
      return error == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(error);
    }
    std::string why = "no address";
    for (const addrinfo* at = found; at != nullptr && fd_ < 0; at = at->ai_next) {
      const int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
      if (fd >= 0 && ::connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
        fd_ = fd;
      } else {
        why = std::strerror(errno);
        if (fd >= 0) close(fd);
      }
    }
    freeaddrinfo(found);
    return fd_ >= 0 ? "" : why;
  }

  std::string send_line(const std::string& line) {
    const std::string text = line + '\n';
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t n = send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (n < 0) return std::strerror(errno);
      sent += static_cast<std::size_t>(n);
    }
    return "";
  }

  // Reads a line into `line`, without its ending.
  std::string read_line(std::string& line) {
    const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s_);
    for (;;) {
      const std::size_t end = buffer_.find('\n');
      if (end != std::string::npos) {
        line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return "";
      }
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd waited{fd_, POLLIN, 0};
      if (left <= 0 || poll(&waited, 1, static_cast<int>(left)) == 0) return "no answer in time";
      char bytes[65536];
      const ssize_t n = recv(fd_, bytes, sizeof bytes, 0);
      if (n < 0) return std::strerror(errno);
      if (n == 0) return "the server has closed the connection";
      buffer_.append(bytes, static_cast<std::size_t>(n));
    }
  }

 private:
  double timeout_s_;
  int fd_ = -1;
  std::string buffer_;
};

bool asks_places(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(" \t\r\f\v");
  if (begin == std::string::npos || line.compare(begin, 7, "WHATSAT") != 0) return false;
  return begin + 7 == line.size() || std::strchr(" \t\r\f\v", line[begin + 7]) != nullptr;
}

// One line, or, for a WHATSAT that is understood, all up to the empty line.
std::string print_answer(Conversation& server, const std::string& asked) {
  std::string line;
  if (auto error = server.read_line(line); !error.empty()) return error;
  std::printf("%s\n", line.c_str());
  if (!asks_places(asked) || line.starts_with("?")) return "";
  do {
    if (auto error = server.read_line(line); !error.empty()) return error;
    std::printf("%s\n", line.c_str());
  } while (!line.empty() && line != "\r");
  return "";
}

}  // namespace

int client_command(const ClientCommand& command) {
  const std::size_t colon = command.address.rfind(':');
  if (colon == std::string::npos || colon + 1 == command.address.size() || colon == 0) {
    std::fprintf(stderr, "%s: not an address (HOST:PORT, as 127.0.0.1:12000)\n",
                 command.address.c_str());
    return kBadUsage;
  }
  std::string host = command.address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  Conversation server(command.timeout_s);
  if (const auto why = server.connect(host, command.address.substr(colon + 1)); !why.empty()) {
    std::fprintf(stderr, "%s: cannot connect: %s\n", command.address.c_str(), why.c_str());
    return kNotCarriedOut;
  }
  for (const std::string& line : command.lines) {
    std::string why = server.send_line(line);
    if (why.empty()) why = print_answer(server, line);
    std::fflush(stdout);
    if (why.empty()) continue;
    std::fprintf(stderr, "%s: '%s': %s\n", command.address.c_str(), line.c_str(), why.c_str());
    return kNotCarriedOut;
  }
  return kDone;
}

}  // namespace sim
