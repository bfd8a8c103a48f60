#include "sim/paper/load/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "sim/paper/load/options.h"

namespace load {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// Returns POSIX nanoseconds that are larger in each call. A later run begins later, and no run
// sends a line per nanosecond, so no line is older than one of an earlier run.
std::uint64_t next_stamp() {
  static std::uint64_t stamp =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count());
  return ++stamp;
}

}  // namespace

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::steady_clock::now().time_since_epoch())
                                        .count());
}

Connection::Connection(std::uint16_t port, std::size_t number, std::size_t in_flight)
    : sent_(in_flight) {
  char text[64];
  std::snprintf(text, sizeof text, "IAMAT phone-%04zu.example +34.068930-118.445127 ", number);
  begin_ = text;
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    abandon("connection " + std::to_string(number + 1) + ": " + std::strerror(errno));
  }
  const int on = 1;
  const int flags = fcntl(fd_, F_GETFL);
  if (setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 || flags < 0 ||
      fcntl(fd_, F_SETFL, flags | O_NONBLOCK) != 0) {
    abandon(std::string("cannot set up a socket: ") + std::strerror(errno));
  }
}

Connection::~Connection() { close(fd_); }

void Connection::send_lines(std::size_t count, std::uint64_t now) {
  out_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t stamp = next_stamp();
    char time[32];
    const int size = std::snprintf(time, sizeof time, "%llu.%09llu\n",
                                   static_cast<unsigned long long>(stamp / kSecond),
                                   static_cast<unsigned long long>(stamp % kSecond));
    out_.append(begin_).append(time, static_cast<std::size_t>(size));
    sent_[(oldest_ + pending_++) % sent_.size()] = now;
  }
  // The lines in flight always fit into the buffer of the socket.
  if (write(fd_, out_.data(), out_.size()) != static_cast<ssize_t>(out_.size())) {
    abandon(std::string("cannot send: ") + std::strerror(errno));
  }
}

std::size_t Connection::read_answers(Histogram& waits) {
  char buffer[65536];
  const ssize_t size = read(fd_, buffer, sizeof buffer);
  if (size < 0 && errno == EAGAIN) return 0;
  if (size <= 0) abandon("a server closed its connection");
  const std::uint64_t now = now_ns();
  const auto answers = static_cast<std::size_t>(std::count(buffer, buffer + size, '\n'));
  if (answers > pending_) abandon("a server answered more lines than it got");
  // Lines that were sent together have the same wait.
  for (std::size_t done = 0; done < answers;) {
    const std::uint64_t sent = sent_[oldest_];
    std::size_t same = 0;
    while (done + same < answers && sent_[oldest_] == sent) {
      oldest_ = (oldest_ + 1) % sent_.size();
      ++same;
    }
    waits.add(now - sent, same);
    done += same;
  }
  pending_ -= answers;
  return answers;
}

}  // namespace load
