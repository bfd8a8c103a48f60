#include "sim/measure/metrics/planned_updates.h"

#include <algorithm>
#include <numeric>

#include "sim/measure/metrics/recorder_logs.h"

namespace sim {

std::size_t PlannedUpdates::KeyHash::operator()(const Key& key) const {
  const auto [subject, time, location] = key;
  return location ^ (static_cast<std::size_t>(time) * 0x9e3779b97f4a7c15ULL) ^
         (std::size_t{subject} << 32);
}

PlannedUpdates::PlannedUpdates(const Plan& plan, std::uint64_t count, herd::PosixNs base)
    : plan_(plan), base_(base), updates_(count), starts_(plan.subjects.size() + 1), taken_(count) {
  for (std::uint32_t i = 0; i < count; ++i) ++starts_[plan.updates[i].subject + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  std::vector<std::size_t> next = starts_;
  for (std::uint32_t i = 0; i < count; ++i) updates_[next[plan.updates[i].subject]++] = i;
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return time_of(a) < time_of(b); };
  for (std::size_t subject = 0; subject + 1 < starts_.size(); ++subject) {
    const auto from = updates_.begin() + static_cast<std::ptrdiff_t>(starts_[subject]);
    const auto to = updates_.begin() + static_cast<std::ptrdiff_t>(starts_[subject + 1]);
    // Only lines of the script have times out of order.
    if (!std::is_sorted(from, to, earlier)) std::stable_sort(from, to, earlier);
  }
  find_alike();
}

void PlannedUpdates::find_alike() {
  const auto same = [&](std::size_t place) {  // as the one before it
    const std::uint32_t before = updates_[place - 1], update = updates_[place];
    return plan_.updates[before].subject == plan_.updates[update].subject &&
           time_of(before) == time_of(update);
  };
  for (std::size_t place = updates_.size(); place-- > 0;) {
    const bool after = place + 1 < updates_.size() && same(place + 1);
    if (!after && (place == 0 || !same(place))) continue;
    const std::uint32_t update = updates_[place];
    const Key key{plan_.updates[update].subject, time_of(update), location_of(update)};
    alike_[key].push_back(update);
  }
}

herd::PosixNs PlannedUpdates::time_of(std::uint32_t update) const {
  return client_time(plan_.updates[update], base_);
}

std::size_t PlannedUpdates::location_of(std::uint32_t update) const {
  return hash_location(location_text(plan_, plan_.updates[update]));
}

std::uint32_t PlannedUpdates::take(std::uint32_t subject, herd::PosixNs time,
                                   std::size_t location_hash) {
  if (subject + std::size_t{1} >= starts_.size()) return kNoIndex;
  if (const auto found = alike_.find({subject, time, location_hash}); found != alike_.end()) {
    if (found->second.empty()) return kNoIndex;
    const std::uint32_t update = found->second.back();
    found->second.pop_back();
    return update;
  }
  const auto from = updates_.begin() + static_cast<std::ptrdiff_t>(starts_[subject]);
  const auto to = updates_.begin() + static_cast<std::ptrdiff_t>(starts_[subject + 1]);
  const auto found = std::lower_bound(
      from, to, time,
      [&](std::uint32_t update, herd::PosixNs wanted) { return time_of(update) < wanted; });
  if (found == to || time_of(*found) != time || location_of(*found) != location_hash) {
    return kNoIndex;
  }
  const auto place = static_cast<std::size_t>(found - updates_.begin());
  if (taken_[place]) return kNoIndex;
  taken_[place] = true;
  return *found;
}

}  // namespace sim
