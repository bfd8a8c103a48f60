#include "sim/measure/figures/latency_tally.h"

#include <algorithm>
#include <utility>

#include "sim/measure/figures/percentile.h"

namespace sim {

LatencyTally::Slot& LatencyTally::slot_of(std::int64_t ns) {
  // Fibonacci hashing: the high bits of the product depend on all bits of the value.
  const std::uint64_t hash = static_cast<std::uint64_t>(ns) * 0x9e3779b97f4a7c15ULL;
  std::size_t at = static_cast<std::size_t>(hash >> shift_);
  while (slots_[at].count != 0 && slots_[at].ns != ns) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

void LatencyTally::add(herd::Duration value, std::uint64_t times) {
  const std::int64_t ns = value.count();
  least_ = count_ == 0 ? ns : std::min(least_, ns);
  greatest_ = count_ == 0 ? ns : std::max(greatest_, ns);
  count_ += times;
  if (folded_) return folded_->add(value, times);
  if (2 * (values_ + 1) > slots_.size()) grow();
  Slot& slot = slot_of(ns);
  if (slot.count == 0) {
    if (values_ == most_values_) {
      fold();
      return folded_->add(value, times);
    }
    slot.ns = ns;
    ++values_;
  }
  slot.count += times;
}

void LatencyTally::grow() {
  const std::size_t larger = slots_.empty() ? 64 : 2 * slots_.size();
  shift_ = slots_.empty() ? 64 - 6 : shift_ - 1;
  for (const Slot& old : std::exchange(slots_, std::vector<Slot>(larger))) {
    if (old.count != 0) slot_of(old.ns) = old;
  }
}

void LatencyTally::fold() {
  folded_.emplace(kPrecision);
  for (const Slot& slot : std::exchange(slots_, {})) {
    if (slot.count != 0) folded_->add(herd::Duration(slot.ns), slot.count);
  }
}

std::optional<herd::Duration> LatencyTally::percentile(std::uint32_t part,
                                                       std::uint32_t whole) const {
  if (count_ == 0) return std::nullopt;
  const std::uint64_t rank = nearest_rank(count_, part, whole);
  if (rank == 1) return herd::Duration(least_);
  if (rank == count_) return herd::Duration(greatest_);
  if (folded_) return folded_->at_rank(rank);
  std::vector<Slot> taken;
  taken.reserve(values_);
  for (const Slot& slot : slots_) {
    if (slot.count != 0) taken.push_back(slot);
  }
  std::sort(taken.begin(), taken.end(), [](const Slot& a, const Slot& b) { return a.ns < b.ns; });
  std::uint64_t seen = 0;
  for (const Slot& slot : taken) {
    seen += slot.count;
    if (seen >= rank) return herd::Duration(slot.ns);
  }
  return herd::Duration(greatest_);
}

}  // namespace sim
