// A server with the test's habits. The test steps it between two turns of its loop.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <utility>

#include "tests/sim/base/run_loop.h"
#include "tests/sim/worlds/live_herd_support.h"

namespace sim::test {

class FakeServer {
 public:
  struct Peer {
    Socket socket;
    std::string unread;  // received but not taken yet
    bool ended = false;  // the client sends no more
    bool leaves = false;

    // Returns the next complete line; empty if there is none.
    std::string line() {
      const std::size_t lf = unread.find('\n');
      if (lf == std::string::npos) return {};
      std::string out = unread.substr(0, lf);
      unread.erase(0, lf + 1);
      return out;
    }
    std::string all() { return std::exchange(unread, {}); }
    void say(const std::string& text) { socket.send(text); }
    void close() { leaves = true; }
  };
  // Called each time that a read brought something, or the end.
  using Habit = std::function<void(Peer&)>;

  explicit FakeServer(Habit habit) : habit_(std::move(habit)), port_(listener_.port()) {}

  void step() {
    while (auto caller = listener_.take_caller()) {
      peers_.emplace_back().socket = std::move(*caller);
      ++connections_;
      if (on_caller) on_caller(peers_.back());
    }
    for (Peer& peer : peers_) {
      if (peer.leaves) continue;
      const bool ended = peer.socket.take();
      if (peer.socket.text().empty() && ended == peer.ended) continue;
      peer.unread += peer.socket.text();
      peer.socket.forget();
      peer.ended = ended;
      habit_(peer);
      if (ended && !stays_when_told_goodbye) peer.close();
    }
    peers_.remove_if([](const Peer& peer) { return peer.leaves; });
  }
  // Refuses new connections from now on.
  void stop_listening() { listener_.close(); }
  // Closes all connections.
  void send_away() { peers_.clear(); }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  std::size_t open() const { return peers_.size(); }
  std::list<Peer>& peers() { return peers_; }

  Habit on_caller;
  bool stays_when_told_goodbye = false;

 private:
  Habit habit_;
  Socket listener_ = Socket::listening();
  std::uint16_t port_;
  std::list<Peer> peers_;
  int connections_ = 0;
};

inline sockaddr_storage address_of(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  sockaddr_storage out{};
  std::memcpy(&out, &address, sizeof address);
  return out;
}

// Turns the loop and steps the server until `done`. Returns false if that takes too long.
inline bool run_with(IoLoop& loop, FakeServer& server, const std::function<bool()>& done) {
  return run_until(loop, done, [&server] { server.step(); });
}

}  // namespace sim::test
