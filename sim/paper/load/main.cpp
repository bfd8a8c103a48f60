// The load generator: connections that each keep a number of IAMAT lines in flight, on one thread.
// It counts answers and their waits, and never parses them. For each window it writes one line: the
// seconds since the start, the answers, the waits' p50, p99 and maximum in microseconds, the
// processor seconds of the servers, and its own. README.md of sim/paper says how they are used.
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "sim/paper/load/connection.h"
#include "sim/paper/load/histogram.h"
#include "sim/paper/load/options.h"

namespace load {
namespace {

// A server that gives no answer for so long has hung.
constexpr int kAnswerWithinMs = 10'000;
// The most connections that are taken in one turn: all that are ready, for the loads of the page.
constexpr int kTaken = 1024;

double seconds_of(clockid_t clock) {
  timespec time{};
  // The clock of a process that has ended cannot be read.
  if (clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

class Generator {
 public:
  explicit Generator(const Options& options) : options_(options) {
    poll_ = epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(options.ports[i % options.ports.size()],
                                                          i, options.in_flight));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      if (epoll_ctl(poll_, EPOLL_CTL_ADD, connections_.back()->fd(), &event) != 0) {
        abandon("epoll_ctl failed");
      }
    }
    for (const int pid : options.pids) {
      clockid_t clock{};
      if (clock_getcpuclockid(pid, &clock) != 0) {
        abandon("there is no process " + std::to_string(pid));
      }
      clocks_.push_back(clock);
    }
  }
  ~Generator() { close(poll_); }
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  void run() {
    begin_ = window_begin_ = now_ns();
    servers_ = servers_now();
    own_ = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    for (const auto& each : connections_) each->send_lines(options_.in_flight, begin_);
    while (!is_over()) turn(true);
    drain();
  }

 private:
  static double seconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e9; }

  double servers_now() const {
    double total = 0;
    for (const clockid_t each : clocks_) total += seconds_of(each);
    return total;
  }

  // Handles what has arrived, and sends the next lines if `goes_on`. Returns the answers.
  std::size_t turn(bool goes_on) {
    epoll_event events[kTaken];
    const int ready = epoll_wait(poll_, events, kTaken, kAnswerWithinMs);
    if (ready <= 0) abandon("a server gave no answer for 10 s");
    std::size_t answers = 0;
    for (int i = 0; i < ready; ++i) {
      Connection& connection = *connections_[events[i].data.u64];
      const std::size_t found = connection.read_answers(waits_);
      answers += found;
      if (goes_on && found > 0) connection.send_lines(found, now_ns());
    }
    answers_ += answers;
    const std::uint64_t now = now_ns();
    if (goes_on && seconds(now - window_begin_) >= options_.window_s) end_window(now);
    return answers;
  }

  void end_window(std::uint64_t now) {
    const double servers = servers_now(), own = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    std::printf("%.6f %zu %.1f %.1f %.1f %.6f %.6f\n", seconds(now - begin_), answers_,
                us(waits_.percentile(0.5)), us(waits_.percentile(0.99)), us(waits_.most()),
                servers - servers_, own - own_);
    std::fflush(stdout);
    waits_.clear();
    answers_ = 0;
    servers_ = servers;
    own_ = own;
    window_begin_ = now;
  }

  static double us(std::uint64_t ns) { return static_cast<double>(ns) / 1000; }

  // Standard input is looked at once per window, because that is a system call.
  bool is_over() {
    if (looked_at_ == window_begin_) return false;
    looked_at_ = window_begin_;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0 || seconds(now_ns() - begin_) >= options_.most_s;
  }

  void drain() {
    std::size_t pending = 0;
    for (const auto& each : connections_) pending += each->pending();
    while (pending > 0) pending -= turn(false);
  }

  const Options options_;
  int poll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<clockid_t> clocks_;
  Histogram waits_;
  std::size_t answers_ = 0;
  std::uint64_t begin_ = 0, window_begin_ = 0, looked_at_ = 0;
  double servers_ = 0, own_ = 0;
};

void allow_many_connections() {
  rlimit limit{};
  const bool is_known = getrlimit(RLIMIT_NOFILE, &limit) == 0;
  limit.rlim_cur = limit.rlim_max;
  if (!is_known || setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    abandon(std::string("cannot allow more open files: ") + std::strerror(errno));
  }
}

}  // namespace
}  // namespace load

int main(int count, char** arguments) {
  const load::Options options = load::read_options(count, arguments);
  load::allow_many_connections();
  load::Generator(options).run();
}
