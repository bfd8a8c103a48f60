#include "sim/measure/metrics/reply_times.h"

#include <numeric>

namespace sim {

ReplyTimes::ReplyTimes(const HerdOutcome& outcome, const UpdateLedger& ledger)
    : starts_(outcome.plan.clients.size() + 1) {
  const auto& updates = outcome.plan.updates;
  const auto& answered = outcome.clients.answered;
  for (std::uint64_t i = 0; i < ledger.sent; ++i) {
    if (answered[i]) ++starts_[updates[i].client + 1];
  }
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  values_.resize(starts_.back());
  std::vector<std::size_t> next = starts_;
  for (std::uint64_t i = 0; i < ledger.sent; ++i) {
    if (answered[i]) values_[next[updates[i].client]++] = *answered[i] - updates[i].at;
  }
}

std::span<Duration> ReplyTimes::of(std::uint32_t client) {
  const std::size_t start = starts_[client];
  return std::span(values_).subspan(start, starts_[client + 1] - start);
}

}  // namespace sim
