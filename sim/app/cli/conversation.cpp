#include "sim/app/cli/conversation.h"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>

namespace sim {

using Clock = std::chrono::steady_clock;

Conversation::~Conversation() {
  if (fd_ >= 0) close(fd_);
}

std::string Conversation::connect(const std::string& host, const std::string& port) {
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

std::string Conversation::send_line(const std::string& line) {
  const std::string text = line + '\n';
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t n = send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n < 0) return std::strerror(errno);
    sent += static_cast<std::size_t>(n);
  }
  return "";
}

std::string Conversation::read_line(std::string& line) {
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
    if (left <= 0 || poll(&waited, 1, static_cast<int>(left)) == 0) {
      return fmt::format("no answer within {} s (--timeout changes that)", timeout_s_);
    }
    char bytes[65536];
    const ssize_t n = recv(fd_, bytes, sizeof bytes, 0);
    if (n < 0) return std::strerror(errno);
    if (n == 0) return "the server closed the connection before its answer was complete";
    buffer_.append(bytes, static_cast<std::size_t>(n));
  }
}

}  // namespace sim
