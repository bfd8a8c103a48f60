#include "tests/bench/load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <vector>

#include "sim/paper/load/connection.h"
#include "sim/paper/load/options.h"

namespace bench {

using Clock = std::chrono::steady_clock;

LoadResult run_load(const LoadSpec& spec) {
  const auto in_flight = static_cast<std::size_t>(spec.in_flight);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<load::Connection>> connections;
  for (std::size_t i = 0; i < static_cast<std::size_t>(spec.connections); ++i) {
    connections.push_back(std::make_unique<load::Connection>(spec.port, i, in_flight));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    epoll_ctl(poll, EPOLL_CTL_ADD, connections.back()->fd(), &event);
  }
  LoadResult result;
  load::Histogram waits;
  std::size_t pending = 0;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration<double>(spec.seconds);
  for (const auto& connection : connections) {
    connection->send_lines(in_flight, load::now_ns());
    pending += in_flight;
  }
  while (pending > 0) {
    epoll_event events[64];
    const int ready = epoll_wait(poll, events, 64, 5000);
    if (ready <= 0) load::abandon("no answer for 5 s");
    const bool over = Clock::now() >= end;
    for (int i = 0; i < ready; ++i) {
      load::Connection& connection = *connections[events[i].data.u64];
      const std::size_t answers = connection.read_answers(waits);
      result.answers += answers;
      pending -= answers;
      if (over || answers == 0) continue;
      if (spec.pause_us > 0) usleep(static_cast<useconds_t>(spec.pause_us));
      connection.send_lines(answers, load::now_ns());
      pending += answers;
    }
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  close(poll);
  return result;
}

}  // namespace bench
