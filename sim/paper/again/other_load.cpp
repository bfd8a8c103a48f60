// Another load generator, to hold the figures of load/ against. It shares no code with that one: it
// counts line feeds, and takes the time of the whole stretch in place of windows. Its lines have
// the same form, because the work of an update depends on the line.
//
//   other_load CONNECTIONS IN_FLIGHT WARM_S MEASURE_S PORT...
//
// Prints the answers and the seconds of the measured stretch. Ends with status 1 and a message if a
// server does not answer.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kReplyWithinMs = 10'000;
constexpr int kMicroseconds = 1'000'000;  // in a second

[[noreturn]] void abandon(const char* why) {
  std::fprintf(stderr, "other_load: %s\n", why);
  std::exit(1);
}

int connect_to(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) abandon("no socket");
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    abandon("cannot connect");
  }
  const int on = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
    abandon("cannot send small packets at once");
  }
  return fd;
}

// A device that reports where it stands. Like the clocks of real ones, those of two devices do not
// show the same microsecond.
class Device {
 public:
  Device(int number, int port)
      : fd_(connect_to(port)),
        number_(number),
        step_(static_cast<int>(61'803LL * number % kMicroseconds)),
        second_(std::time(nullptr)) {}

  int fd() const { return fd_; }

  void report(int times) {
    out_.clear();
    for (int i = 0; i < times; ++i) {
      std::array<char, 128> line;
      ++step_;
      const int size = std::snprintf(
          line.data(), line.size(),
          "IAMAT walker-%03d.example +34.068930-118.445127 %lld.%06d000\n", number_,
          static_cast<long long>(second_) + step_ / kMicroseconds, step_ % kMicroseconds);
      out_.append(line.data(), static_cast<std::size_t>(size));
    }
    for (std::size_t done = 0; done < out_.size();) {
      const ssize_t sent = write(fd_, out_.data() + done, out_.size() - done);
      if (sent <= 0) abandon("cannot send");
      done += static_cast<std::size_t>(sent);
    }
  }

  // Returns the number of answers that have come.
  int answers() {
    const ssize_t size = read(fd_, in_.data(), in_.size());
    if (size <= 0) abandon("a server has closed a connection");
    return static_cast<int>(std::count(in_.data(), in_.data() + size, '\n'));
  }

 private:
  int fd_, number_, step_;
  std::time_t second_;
  std::string out_;
  std::array<char, 65536> in_;
};

}  // namespace

int main(int count, char** words) {
  if (count < 6) abandon("usage: other_load CONNECTIONS IN_FLIGHT WARM_S MEASURE_S PORT...");
  const int connections = std::atoi(words[1]), in_flight = std::atoi(words[2]);
  const std::chrono::duration<double> warm(std::atof(words[3])), measured(std::atof(words[4]));
  if (connections < 1 || in_flight < 1 || measured.count() <= 0)
    abandon("numbers must be more than 0");
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  if (poll < 0) abandon("no epoll");
  std::vector<Device> devices;
  devices.reserve(static_cast<std::size_t>(connections));
  for (int i = 0; i < connections; ++i) {
    devices.emplace_back(i, std::atoi(words[5 + i % (count - 5)]));
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.fd = i;
    if (epoll_ctl(poll, EPOLL_CTL_ADD, devices.back().fd(), &wanted) != 0) abandon("no epoll");
  }
  const Clock::time_point begin = Clock::now();
  for (Device& each : devices) each.report(in_flight);
  std::uint64_t answers = 0;
  Clock::time_point from = begin;
  bool is_warm = false;
  std::vector<epoll_event> ready(devices.size());
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (!is_warm && now - begin >= warm) {
      is_warm = true;
      answers = 0;
      from = now;
    }
    if (is_warm && now - from >= measured) break;
    const int found = epoll_wait(poll, ready.data(), connections, kReplyWithinMs);
    if (found <= 0) abandon("a server gave no answer for 10 s");
    for (int i = 0; i < found; ++i) {
      Device& device =
          devices[static_cast<std::size_t>(ready[static_cast<std::size_t>(i)].data.fd)];
      const int came = device.answers();
      answers += static_cast<std::uint64_t>(came);
      if (came > 0) device.report(came);
    }
  }
  const std::chrono::duration<double> took = Clock::now() - from;
  std::printf("%llu %.6f\n", static_cast<unsigned long long>(answers), took.count());
}
