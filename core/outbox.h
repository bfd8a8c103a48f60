// Clients whose records wait to be sent to neighbours, so that several go out in one line (ATS).
//
// Each neighbour has a queue of clients, in the order in which they got into it. What goes out is
// the newest record of the client at that time, so that a newer one takes the older one's place: a
// queue holds no more records than there are clients, and none of them starves. What a neighbour
// sends itself is taken out of its queue.
//
// A queue's first records go out together, up to `max` of them, as soon as their time has come.
// kPace: the last line on this link was `wait` ago, so that a first record goes out at once.
// kDelay: the first of them has waited for `wait`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace herd {

struct OutboxSpec {
  enum class Mode { kPace, kDelay };

  Mode mode = Mode::kPace;
  Duration wait{0};
  std::size_t max = 100;  // records in one line
};

class Outbox {
 public:
  // Sends the records of the clients at these places of the server's store, as many of the first
  // ones as fit into a line, at least one. Returns their number.
  using Send =
      std::function<std::size_t(NeighborId to, std::span<const std::uint32_t> places, Moment now)>;

  Outbox(const OutboxSpec& spec, std::size_t neighbors, Send send)
      : spec_(spec), queues_(neighbors), send_(std::move(send)) {}

  // Queues a client's record, and sends what may go out. Returns false if an older record of the
  // client was queued, whose place it takes. Precondition of this and the next: `place` is the
  // client's place in the server's store.
  bool put(NeighborId to, std::uint32_t place, Moment now);
  // The neighbour holds the client's record. Returns true if it was queued, and is not any more.
  bool take_out(NeighborId from, std::uint32_t place);
  // Empties the queue of a link that is down. Returns the places that were queued.
  std::vector<std::uint32_t> drop(NeighborId neighbor);

  // Returns when time_reached() is due; nullopt if nothing waits.
  std::optional<Instant> deadline() const;
  void time_reached(Moment now);
  bool is_empty() const { return waiting_ == 0; }

 private:
  struct Waiting {
    std::uint32_t place = 0;
    bool is_out = false;  // taken out
    Instant since;
  };
  // The first that waits was not taken out.
  struct Queue {
    std::deque<Waiting> waiting;
    std::uint64_t first = 0;  // the number of the first; the others count on
    std::unordered_map<std::uint32_t, std::uint64_t> numbers;  // by place, of what is not out
    std::optional<Instant> last_line;
  };

  // Precondition: the queue is not empty.
  Instant due(const Queue& queue) const;
  void release(NeighborId to, Moment now);
  void send_some(NeighborId to, Moment now);
  static void drop_out(Queue& queue);

  OutboxSpec spec_;
  std::vector<Queue> queues_;  // by neighbour
  Send send_;
  std::size_t waiting_ = 0;  // in all queues
  std::vector<std::uint32_t> batch_;
};

}  // namespace herd
