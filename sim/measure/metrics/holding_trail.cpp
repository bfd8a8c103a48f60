#include "sim/measure/metrics/holding_trail.h"

namespace sim {
namespace {

// Makes a number without a sign, small for small numbers of either sign, and the reverse.
std::uint64_t fold_sign(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}
std::int64_t unfold_sign(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
}

}  // namespace

// A loss of memory counts as update 0, the first update as 1.
void HoldingTrail::add(const HoldingLog& entry) {
  const std::int64_t update = entry.update == kNoIndex ? 0 : std::int64_t{entry.update} + 1;
  put(fold_sign(update - last_update_) * servers_ + entry.server);
  put(fold_sign((entry.at - last_at_).count()));
  if (update != 0) last_update_ = update;
  last_at_ = entry.at;
}

void HoldingTrail::put(std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) {
    *bytes_[bytes_.add()] = static_cast<std::uint8_t>(number | 0x80);
  }
  *bytes_[bytes_.add()] = static_cast<std::uint8_t>(number);
}

void HoldingTrail::Iterator::read() {
  at_ = next_;
  if (at_ == trail_->bytes_.size()) return;
  const std::uint64_t head = number();
  const std::int64_t update = last_update_ + unfold_sign(head / trail_->servers_);
  entry_.server = static_cast<std::uint32_t>(head % trail_->servers_);
  entry_.update = update == 0 ? kNoIndex : static_cast<std::uint32_t>(update - 1);
  entry_.at += herd::Duration(unfold_sign(number()));
  if (update != 0) last_update_ = update;
}

std::uint64_t HoldingTrail::Iterator::number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = *trail_->bytes_[next_++];
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return number;
  }
}

}  // namespace sim
