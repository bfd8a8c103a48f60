// Baselines: the time that libuv and the kernel need for the same lines if nothing in them is
// parsed, decided or counted.
//
// Node 0 answers each line of its clients with a line of an AT line's length. As a relay it also
// forwards that line to the other four nodes of the paper's ring. Each direction in use has its own
// TCP connection, and all nodes share one loop. Like the herd, a node cuts its input into lines,
// collects its output, and writes once per connection and turn. Unlike the herd, a node knows from
// a line's connection whether the line is news.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/bench/cpu_time.h"

namespace bench {

class BareRelay {
 public:
  enum class Kind {
    kEcho,       // only the answers
    kTree,       // four messages per update, the minimum for any propagation
    kFlood,      // six, as split horizon sends on the ring
    kFloodEcho,  // ten, as the paper's flood sends
  };

  // `measures`: records the time of every line at every node.
  BareRelay(Kind kind, bool measures);
  ~BareRelay();
  BareRelay(const BareRelay&) = delete;
  BareRelay& operator=(const BareRelay&) = delete;

  std::uint16_t port() const;  // of node 0
  // Stops the relay, which runs on its own thread from the constructor on. If it measures, returns
  // for each line and each other node the nanoseconds from node 0's reading to that node's.
  std::vector<std::int64_t> stop();
  // Returns the CPU time of the relay's thread. Precondition: stop() was called.
  CpuTime cpu() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
