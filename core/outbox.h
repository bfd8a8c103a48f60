// Clients whose records wait to be sent to neighbours, so that several go out in one line (ATS).
//
// Each neighbour has a queue of clients, in the order in which they got into it. A queue
// sends the newest record of the client at that time, so that a newer one takes the older one's
// place: it holds no more records than there are clients, and none of them starves. A record that
// the neighbour itself has sent leaves the queue.
//
// A queue's first records go out together, up to `max` of them, as soon as their time has come.
// kPace: the last line on this link was `wait` ago, so that a first record goes out at once.
// kDelay: the first of them has waited for `wait`.
// With a `window`, a line goes out only while fewer bytes than that wait on the link: behind a link
// that is too narrow, records wait in the queue, where newer ones replace them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace herd {

struct OutboxSpec {
  enum class Mode { kPace, kDelay };

  Mode mode = Mode::kPace;
  Duration wait{0};
  std::size_t max = 100;              // records in one line
  std::optional<std::size_t> window;  // bytes, at least 1
};

class Outbox {
 public:
  // Sends the records of the clients at these places of the server's store, as many of the first
  // ones as fit into a line, at least one. Returns their number.
  using Send =
      std::function<std::size_t(NeighborId to, std::span<const std::uint32_t> places, Moment now)>;

  // As Effects::room_at().
  using RoomAt = std::function<Instant(NeighborId to, std::size_t bytes)>;

  Outbox(const OutboxSpec& spec, std::size_t neighbors, Send send, RoomAt room_at)
      : spec_(spec), queues_(neighbors), send_(std::move(send)), room_at_(std::move(room_at)) {}

  // Queues a client's record, and sends what may go out. Returns false if an older record of the
  // client was queued, whose place it takes. Precondition of this and the next: `place` is the
  // client's place in the server's store.
  bool put(NeighborId to, std::uint32_t place, Moment now);
  // The neighbour holds the client's record. Returns true if it was queued, and is not any more.
  bool take_out(NeighborId from, std::uint32_t place);
  // Empties the queue of a link that is down. Returns the places that were queued.
  std::vector<std::uint32_t> drop(NeighborId neighbor);
  // Sends what may go out on a link whose room may have changed.
  void look_again(NeighborId neighbor, Moment now) { release(neighbor, now); }

  // Returns when time_reached() is due; nullopt if nothing waits for a time that is known.
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
    std::optional<Instant> planned;  // its place in due_
  };

  // Returns when the next line may go out. Precondition: something waits.
  Instant due(NeighborId to) const;
  void release(NeighborId to, Moment now);
  // Plans the next look at the queue.
  void plan(NeighborId to);
  void send_some(NeighborId to, Moment now);
  static void drop_out(Queue& queue);

  OutboxSpec spec_;
  std::vector<Queue> queues_;  // by neighbour
  Send send_;
  RoomAt room_at_;
  std::set<std::pair<Instant, std::uint32_t>> due_;  // when to look at which neighbour's queue
  std::size_t waiting_ = 0;                          // in all queues
  std::vector<std::uint32_t> batch_;
};

}  // namespace herd
