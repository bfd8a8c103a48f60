#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBase = 1'479'413'884'000'000'000;

[[noreturn]] void abandon(const char* what) {
  std::perror(what);
  std::exit(1);
}

class Connection {
 public:
  Connection(std::uint16_t port, int number) : number_(number) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      abandon("load: connect");
    }
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
  }
  ~Connection() { close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }

  void send_lines(std::uint64_t count) {
    static std::uint64_t tick = 0;
    out_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      char line[96];
      const std::uint64_t ns = kBase + ++tick;
      const int size = std::snprintf(line, sizeof line,
                                     "IAMAT phone-%02d.example +34.068930-118.445127 %llu.%09llu\n",
                                     number_, static_cast<unsigned long long>(ns / 1'000'000'000),
                                     static_cast<unsigned long long>(ns % 1'000'000'000));
      out_.append(line, static_cast<std::size_t>(size));
    }
    // The output is small enough to fit the socket's buffer at any time.
    if (write(fd_, out_.data(), out_.size()) != static_cast<ssize_t>(out_.size())) {
      abandon("load: write");
    }
  }

  std::uint64_t read_answers() {
    char buffer[65536];
    const ssize_t size = read(fd_, buffer, sizeof buffer);
    if (size <= 0) abandon("load: read");
    return static_cast<std::uint64_t>(std::count(buffer, buffer + size, '\n'));
  }

 private:
  int number_;
  int fd_ = -1;
  std::string out_;
};

}  // namespace

std::size_t line_size() {
  return std::string("IAMAT phone-00.example +34.068930-118.445127 1479413884.000000000\n").size();
}

LoadResult run_load(const LoadSpec& spec) {
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < spec.connections; ++i) {
    connections.push_back(std::make_unique<Connection>(spec.port, i));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(i);
    epoll_ctl(poll, EPOLL_CTL_ADD, connections.back()->fd(), &event);
  }
  LoadResult result;
  std::uint64_t pending = 0;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration<double>(spec.seconds);
  for (const auto& connection : connections) {
    connection->send_lines(static_cast<std::uint64_t>(spec.in_flight));
    pending += static_cast<std::uint64_t>(spec.in_flight);
  }
  while (pending > 0) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, 5000);
    if (ready <= 0) abandon("load: no answer");
    const bool over = Clock::now() >= end;
    for (int i = 0; i < ready; ++i) {
      Connection& connection = *connections[events[i].data.u32];
      const std::uint64_t answers = connection.read_answers();
      result.answers += answers;
      pending -= answers;
      if (over) continue;
      if (spec.pause_us > 0) usleep(static_cast<useconds_t>(spec.pause_us));
      connection.send_lines(answers);
      pending += answers;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  close(poll);
  return result;
}

}  // namespace bench
