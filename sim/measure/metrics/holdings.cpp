#include "sim/measure/metrics/holdings.h"

#include <utility>

#include "core/prefetch_memory.h"

namespace sim {

Holdings::Holdings(const Plan& plan, std::size_t servers, bool keep_hops)
    : rows_(plan.subjects.size(), kNoIndex),
      updates_(servers, kNoIndex),
      destinations_(plan),
      log_(servers) {
  if (keep_hops) hops_.emplace(servers);
}

std::uint32_t Holdings::make_row(std::uint32_t subject) {
  if (subject >= rows_.size()) rows_.resize(subject + std::size_t{1}, kNoIndex);
  if (hops_) hops_->add();
  return rows_[subject] = updates_.add();
}

Holding Holdings::of(herd::ServerId server, std::uint32_t subject) const {
  const std::uint32_t row = row_of(subject);
  if (row == kNoIndex) return {};
  return {updates_[row][server.value], hops_ ? (*hops_)[row][server.value] : 0};
}

void Holdings::prefetch(herd::ServerId server, std::uint32_t subject) const {
  const std::uint32_t row = row_of(subject);
  if (row != kNoIndex) herd::prefetch_memory<herd::Access::kWrite>(&updates_[row][server.value]);
}

std::uint32_t Holdings::set(herd::ServerId server, std::uint32_t subject, Holding holding,
                            herd::Instant now) {
  std::uint32_t row = row_of(subject);
  if (row == kNoIndex) row = make_row(subject);
  if (hops_) (*hops_)[row][server.value] = holding.hops;
  if (destinations_.include(subject, server.value)) {
    log_.add({now, server.value, holding.update});
  }
  return std::exchange(updates_[row][server.value], holding.update);
}

void Holdings::forget(herd::ServerId server, herd::Instant now) {
  for (std::uint32_t row = 0; row < updates_.size(); ++row) updates_[row][server.value] = kNoIndex;
  log_.add({now, server.value, kNoIndex});
}

}  // namespace sim
