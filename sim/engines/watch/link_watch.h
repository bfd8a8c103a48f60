// Counts the flood of a foreign herd by what passes over its links: which messages are deliveries,
// duplicates and echoes, and how long updates travel.
//
// The herd's thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/base/free_places.h"
#include "sim/base/io/run_clock.h"
#include "sim/engines/relay/link_tap.h"
#include "sim/engines/watch/outside_watch.h"
#include "sim/script/spec/adjacency.h"

namespace sim {

class LinkWatch final : public LinkTap {
 public:
  // All arguments must outlive the watch. `standing` is called when a link has come up.
  LinkWatch(const HerdSpec& spec, const RunClock& clock, OutsideWatch& watch,
            OutsideObserver& observer, std::function<void()> standing);

  // LinkTap
  std::uint32_t line_said(std::uint32_t direction, std::string_view line) override;
  void message_arrived(std::uint32_t direction, std::uint32_t message) override;
  void message_lost(std::uint32_t direction, std::uint32_t message) override;
  void link_stands(std::uint32_t link) override;
  void link_ended(std::uint32_t link) override;

  // Calls `heard` for each line that a server says on a link, whatever it is, before anything else
  // is done with it.
  void tell_lines(std::function<void(std::uint32_t direction, std::string_view line)> heard) {
    heard_ = std::move(heard);
  }
  // Returns when a message between two servers was last said or arrived; Instant::min() if none
  // was.
  herd::Instant last_message() const { return last_message_; }
  // Returns when a server last said one.
  herd::Instant last_said() const { return last_said_; }
  std::uint64_t in_flight() const { return in_flight_; }
  bool has_seen_any() const { return last_said_ != herd::Instant::min(); }
  // Counts the messages in flight as lost. The caller must not report their arrival later.
  void lose_all();

 private:
  struct End {
    std::uint32_t server = 0;
    herd::NeighborId neighbor;  // its number for the other endpoint
  };
  // A way on which an update came to a server.
  struct Way {
    std::uint32_t from = 0;  // a server; kNoIndex: a client, or not known
    std::uint32_t hops = 0;
  };
  // How an update first came to a server. If several links brought it before the server said it,
  // the server may have read any of them first: the others are kept until it says the update there.
  struct Arrival {
    Way first;
    std::vector<Way> others = {};
    bool said = false;

    // The server says the update to `to`. Returns true if it had the update from there. A server
    // seldom says an update to where it had it from: if another way is left, that one counts as the
    // first, and the result is false.
    bool echoes(std::uint32_t to);
  };
  struct Message {
    std::uint32_t update = 0;  // a place in Plan::updates
    InFlight what;
    std::uint32_t direction = 0;
    bool in_flight = true;
    herd::Instant sent;
  };
  // Returns the endpoint that receives what goes in a direction.
  const End& receiver(std::uint32_t direction) const { return receivers_[direction]; }
  std::uint64_t key(std::uint32_t update, std::uint32_t server) const {
    return std::uint64_t{update} * servers_ + server;
  }
  Message take(std::uint32_t message);

  const RunClock& clock_;
  OutsideWatch& watch_;
  OutsideObserver& observer_;
  std::function<void()> standing_;
  std::function<void(std::uint32_t, std::string_view)> heard_;  // may be empty
  std::uint64_t servers_;
  std::vector<End> receivers_;  // by direction
  std::unordered_map<std::uint64_t, Arrival> arrivals_;
  std::vector<Message> messages_;
  FreePlaces<> free_;
  std::uint64_t in_flight_ = 0;
  herd::Instant last_message_ = herd::Instant::min(), last_said_ = herd::Instant::min();
};

}  // namespace sim
