#include "sim/worlds/net/link_model.h"

#include <algorithm>
#include <cmath>

#include "core/limits.h"

namespace sim {
namespace {

constexpr Duration kShortestTimeout = std::chrono::milliseconds(200);
constexpr Duration kLongestTimeout = std::chrono::minutes(1);
constexpr double kLongestWait = 4e18;  // in nanoseconds; no run is so long

Duration time_to_send(std::size_t bytes, double bits_per_second) {
  const double seconds = static_cast<double>(bytes) * 8 / bits_per_second;
  return Duration(static_cast<std::int64_t>(std::llround(seconds * 1e9)));
}

}  // namespace

herd::Instant Stretch::moved(herd::Instant sent) const {
  if (sent <= now_) return sent;
  const double wait = static_cast<double>((sent - now_).count()) * factor_;
  return now_ + Duration(static_cast<std::int64_t>(std::llround(std::min(wait, kLongestWait))));
}

void LinkModel::use(const LinkConditions& conditions) {
  conditions_ = conditions;
  latency_ = conditions.latency;
  jitter_ = conditions.jitter;
  is_ideal_ = conditions.ideal();
  has_bandwidth_ = conditions.bandwidth_bps > 0;
  has_loss_ = conditions.loss > 0;
}

Stretch LinkModel::set(const LinkConditions& conditions, herd::Instant now) {
  const double before = conditions_.bandwidth_bps, after = conditions.bandwidth_bps;
  // With no limit before, nothing waits. With none from now on, all leaves at once.
  const double factor = before > 0 && after > 0 ? before / after : 0;
  const Stretch stretch(now, before == after ? 1 : factor);
  use(conditions);
  sending_until_ = stretch.moved(sending_until_);
  return stretch;
}

herd::Instant LinkModel::room_at(std::size_t bytes) const {
  if (!has_bandwidth_ || sending_until_ == herd::Instant::min()) {
    return herd::Instant::min();
  }
  return sending_until_ - time_to_send(bytes, conditions_.bandwidth_bps) + Duration(1);
}

Passage LinkModel::pass(herd::Instant now, std::size_t bytes) {
  Passage passage{now, Duration(0)};
  if (has_bandwidth_) {
    passage.sent = std::max(now, sending_until_) + time_to_send(bytes, conditions_.bandwidth_bps);
    sending_until_ = passage.sent;
  }
  passage.travel = propagation();
  return passage;
}

herd::Instant LinkModel::arrival(herd::Instant now, std::size_t bytes, herd::Instant& last) {
  last = std::max(last, pass(now, bytes).arrival());
  return last;
}

Duration LinkModel::propagation() {
  Duration delay = latency_;
  if (const Duration amount = jitter_.amount; amount > Duration(0)) {
    switch (jitter_.shape) {
      case JitterShape::kUniform:
        delay += Duration(static_cast<std::int64_t>(
                     random_.below(2 * static_cast<std::uint64_t>(amount.count()) + 1))) -
                 amount;
        break;
      case JitterShape::kNormal:
        delay += Duration(static_cast<std::int64_t>(
            std::llround(random_.normal() * static_cast<double>(amount.count()))));
        break;
      case JitterShape::kExponential:
        delay += random_.exponential(amount);
        break;
    }
    delay = std::max(delay, Duration(0));
  }
  if (has_loss_) {
    // SRTT and RTTVAR of a first sample: the time-out is three round trips.
    Duration timeout = std::max(kShortestTimeout, 3 * 2 * conditions_.latency);
    while (random_.uniform() < conditions_.loss) {
      timeout = std::min(timeout, kLongestTimeout);
      delay += timeout;
      timeout *= 2;
    }
  }
  return delay;
}

std::string link_stream(std::string_view from, std::string_view to) {
  return "link/" + std::string(from) + "/" + std::string(to);
}

Duration handshake_timeout(Duration round_trip) { return herd::kHandshakeTimeout + 4 * round_trip; }

Duration connect_delay(LinkModel& there, const LinkConditions& back, herd::Instant now) {
  herd::Instant first = herd::Instant::min();
  return there.arrival(now, 0, first) - now + back.latency;
}

}  // namespace sim
