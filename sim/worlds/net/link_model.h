// One direction of a network path as a TCP connection feels it: when what is sent now arrives. Has
// no sockets and no clock: every world, and whatever stands between servers, asks the same model.
//
// A message waits until the bandwidth has let through all earlier ones. Then it takes the latency
// and its jitter and, if it is lost, the time until TCP has sent it again. Nothing overtakes.
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

class LinkModel {
 public:
  // `stream` names the direction, for the random draws that are its own.
  LinkModel(std::uint64_t seed, std::string_view stream, const LinkConditions& conditions)
      : random_(seed, stream), conditions_(conditions) {}

  const LinkConditions& conditions() const { return conditions_; }
  // For what is sent from here on.
  void set(const LinkConditions& conditions) { conditions_ = conditions; }
  // Forgets the bytes that wait to be sent, because their connection is gone.
  void drop_queue() { sending_until_ = herd::Instant::min(); }

  // Returns when `bytes` arrive that are sent at `now`, which never goes back. This is never before
  // `last`, the arrival of the earlier bytes of the connection; sets `last` to it.
  herd::Instant arrival(herd::Instant now, std::size_t bytes, herd::Instant& last);

 private:
  Duration propagation();

  herd::Random random_;
  LinkConditions conditions_;
  herd::Instant sending_until_ = herd::Instant::min();  // what was sent before has left
};

// A link with more than these bytes in flight or unsent is dropped, and dialled again.
inline constexpr std::size_t kMaxLinkUnsent = std::size_t{64} << 20;

// The name of a link's direction, for LinkModel's draws: the same whatever else the herd has.
std::string link_stream(std::string_view from, std::string_view to);

// How long a dial over such a path may take until the link is proven.
Duration handshake_timeout(const TwoWayConditions& path);

// How long a connection takes to be made over a path: a round trip.
Duration connect_delay(LinkModel& there, const LinkConditions& back, herd::Instant now);

}  // namespace sim
