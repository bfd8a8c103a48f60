// One direction of a network path as a TCP connection feels it: when what is sent now arrives. Has
// no sockets and no clock: every world, and whatever stands between servers, asks the same model.
//
// A message waits until the bandwidth has let through all earlier ones. Then it takes the latency
// and its jitter and, if it is lost, the time until TCP has sent it again. Nothing overtakes.
//
// If the bandwidth changes, messages that still wait go out at the new rate, as they do after `tc
// qdisc change`. Whoever keeps messages has to move them: see Stretch.
//
// A lost line is sent again after the retransmission time-out of RFC 6298 for a path of that round
// trip, at least 200 ms as in Linux (TCP_RTO_MIN), twice as long each further time (section 5.5),
// up to a minute.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/random.h"
#include "core/time.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

// When a message leaves the queue of the bandwidth, and how long it travels then. It arrives no
// earlier than that, and not before the messages ahead of it.
struct Passage {
  herd::Instant sent;
  Duration travel{0};

  herd::Instant arrival() const { return sent + travel; }
};

// How a change of the bandwidth at some moment moves the messages that still wait in the queue. The
// link is busy until each of them has left, so all waits get longer or shorter by one factor.
class Stretch {
 public:
  Stretch(herd::Instant now, double factor) : now_(now), factor_(factor) {}
  // Returns when a message leaves now that was to leave at `sent`.
  herd::Instant moved(herd::Instant sent) const;

 private:
  herd::Instant now_;
  double factor_;
};

class LinkModel {
 public:
  // `stream` names the direction, for the random draws that are its own.
  LinkModel(std::uint64_t seed, std::string_view stream, const LinkConditions& conditions)
      : random_(seed, stream) {
    use(conditions);
  }

  // The number of bytes at the beginning of a model that pass() needs if there is no bandwidth and
  // no loss.
  static constexpr std::size_t kFirstBytes = 64;

  const LinkConditions& conditions() const { return conditions_; }
  // Returns whether what is sent arrives at once.
  bool is_ideal() const { return is_ideal_; }
  bool has_bandwidth() const { return has_bandwidth_; }
  // Sets the conditions for all that is sent from now on. The result says when that leaves which
  // still waits.
  [[nodiscard]] Stretch set(const LinkConditions& conditions, herd::Instant now);
  // Forgets the bytes that wait to be sent, because their connection is gone.
  void drop_queue() { sending_until_ = herd::Instant::min(); }

  // Returns when fewer than `bytes` wait in the queue, unless more get into it. Precondition:
  // bytes > 0.
  herd::Instant room_at(std::size_t bytes) const;
  // Puts bytes into the queue at `now`, which never goes back.
  Passage pass(herd::Instant now, std::size_t bytes);
  // Returns when `bytes` arrive that are sent at `now`, which never goes back. This is never before
  // `last`, the arrival of the earlier bytes of the connection; sets `last` to it.
  herd::Instant arrival(herd::Instant now, std::size_t bytes, herd::Instant& last);

 private:
  void use(const LinkConditions& conditions);
  Duration propagation();

  // What jitter needs comes first, in one cache line: in a herd of many links each line is read
  // from memory. The conditions' latency and jitter are here once more.
  herd::Random random_;
  Duration latency_{0};
  Jitter jitter_;
  bool is_ideal_ = true, has_bandwidth_ = false, has_loss_ = false;
  LinkConditions conditions_;
  herd::Instant sending_until_ = herd::Instant::min();  // what was sent before has left
  static_assert(sizeof(herd::Random) + sizeof(Duration) + sizeof(Jitter) + 3 <= kFirstBytes);
};

// A link with more than these bytes in flight or unsent is dropped, and dialled again.
inline constexpr std::size_t kMaxLinkUnsent = std::size_t{64} << 20;

// The name of a link's direction, for LinkModel's draws: the same whatever else the herd has.
std::string link_stream(std::string_view from, std::string_view to);

// How long a dial may take until the link is proven. `round_trip` is the longest that the path ever
// has.
Duration handshake_timeout(Duration round_trip);

// How long a connection takes to be made over a path: a round trip.
Duration connect_delay(LinkModel& there, const LinkConditions& back, herd::Instant now);

}  // namespace sim
