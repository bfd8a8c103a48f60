// The floors: what libuv and the kernel take for the same lines when nothing in them is parsed,
// decided or counted.
//
// Node 0 answers each line of its clients with one of an AT line's length. As a relay it also
// passes that line on to the other four nodes of the paper's ring, over one TCP connection for each
// direction that is used, all on one loop. Like the herd, a node cuts what it reads into lines,
// gathers what goes out, and writes once for a connection and turn; unlike it, a node knows from
// where a line comes whether it is news.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace bench {

class BareRelay {
 public:
  enum class Kind {
    kEcho,       // only the answers
    kTree,       // four messages an update: the least that any propagation needs
    kFlood,      // six: what split horizon sends on the ring
    kFloodEcho,  // ten: what the paper's flood sends
  };

  // `measures`: keeps the time of every line at every node.
  BareRelay(Kind kind, bool measures);
  ~BareRelay();
  BareRelay(const BareRelay&) = delete;
  BareRelay& operator=(const BareRelay&) = delete;

  std::uint16_t port() const;  // of node 0
  // Runs on a thread of its own from the constructor to here. Returns, where it measures,
  // nanoseconds from node 0's reading of a line to each other node's.
  std::vector<std::int64_t> stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
