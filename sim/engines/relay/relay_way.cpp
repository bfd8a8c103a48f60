#include "sim/engines/relay/relay_way.h"

#include <utility>

namespace sim {

RelayWay::RelayWay(AlarmClock& alarms, const RunClock& clock, LinkModel model,
                   std::function<void(const Piece&)> deliver)
    : clock_(clock),
      model_(model),
      deliver_(std::move(deliver)),
      alarm_(alarms, [this] { deliver_due(); }) {}

void RelayWay::put(Piece piece) {
  bytes_handed_ += piece.bytes.size();
  if (pieces_.empty() && !held_ && model_.conditions().ideal()) return deliver_(piece);
  const herd::Instant arrival = model_.arrival(clock_.now(), piece.bytes.size(), last_arrival_);
  bytes_ += piece.bytes.size();
  pieces_.push_back({clock_.hrtime_of(arrival), std::move(piece)});
  if (pieces_.size() == 1) arm();
}

void RelayWay::hold() {
  held_ = true;
  alarm_.cancel();
}

void RelayWay::release() {
  held_ = false;
  arm();
}

void RelayWay::clear(const std::function<void(const Piece&)>& lost) {
  const std::deque<Queued> pieces = std::exchange(pieces_, {});
  bytes_ = 0;
  alarm_.cancel();
  model_.drop_queue();
  for (const Queued& each : pieces) lost(each.piece);
}

void RelayWay::arm() {
  if (!held_ && !pieces_.empty()) alarm_.set(pieces_.front().at_ns);
}

void RelayWay::deliver_due() {
  const std::uint64_t now = uv_hrtime();
  while (!held_ && !pieces_.empty() && pieces_.front().at_ns <= now) {
    const Piece piece = std::move(pieces_.front().piece);
    pieces_.pop_front();
    bytes_ -= piece.bytes.size();
    deliver_(piece);
  }
  arm();
}

}  // namespace sim
