// The floors: what libuv and the kernel take for the same bytes when nothing is parsed, decided or
// counted. Lines are counted by their length alone.
//
// Node 0 answers its clients line for line; as a relay it also passes a longer line (an AT line's
// length) down a tree of five nodes, over one TCP connection a hop, all on one loop: the four
// messages that any propagation needs at the least. One write for a connection and turn.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace bench {

class BareRelay {
 public:
  enum class Kind { kEcho, kRelay };

  explicit BareRelay(Kind kind);
  ~BareRelay();
  BareRelay(const BareRelay&) = delete;
  BareRelay& operator=(const BareRelay&) = delete;

  std::uint16_t port() const;  // of node 0
  // Runs on a thread of its own from the constructor to here. After it: nanoseconds from node 0's
  // reading of a line to each other node's, of every line that came alone.
  std::vector<std::int64_t> stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
