// The floors: what libuv and the kernel take for the same lines when nothing in them is parsed,
// decided or counted.
//
// Node 0 answers each line of its clients with one of an AT line's length. As a relay it also
// passes that line down a tree of five nodes, over one TCP connection a hop, all on one loop: the
// four messages that any propagation needs at the least. Like the herd, a node cuts what it reads
// into lines, gathers what goes out, and writes once for a connection and turn. The bulk relay does
// not even look for lines, but reckons by their length: the floor under the floors.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace bench {

class BareRelay {
 public:
  enum class Kind { kEcho, kRelay, kBulkRelay };

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
