#include "core/record_summary.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace herd {
namespace {

// Returns the value of a hash's first digits.
std::size_t leading(std::uint64_t hash, std::size_t digits) {
  return digits == 0 ? 0 : static_cast<std::size_t>(hash >> (64 - 4 * digits));
}

}  // namespace

RecordSummary::RecordSummary(const RecordStore& store, ClientHash client_hash)
    : store_(store), hash_(client_hash), levels_(1, std::vector<RangeSum>(1)), heads_(1, kNone) {
  const auto size = static_cast<std::uint32_t>(store.size());
  entries_.reserve(size);
  // Sets the number of levels first, so that no bucket has to be filled twice.
  while (heads_.size() * kFullBucket < size) deepen();
  for (std::uint32_t place = 0; place < size; ++place) take(place);
}

void RecordSummary::update(std::uint32_t place) {
  if (place == entries_.size()) {
    if (entries_.size() >= heads_.size() * kFullBucket) deepen();
    return take(place);
  }
  Entry& entry = entries_[place];
  const std::uint64_t before =
      std::exchange(entry.fingerprint, fingerprint_of(store_.at(place).view(), scratch_));
  add(entry.hash, {0, entry.fingerprint - before});
}

RangeSum RecordSummary::sum(const HashPrefix& range) const {
  const auto digits = static_cast<std::size_t>(range.digits);
  if (digits < levels_.size()) return levels_[digits][leading(range.bits, digits)];
  RangeSum out;
  for (std::uint32_t place = heads_[buckets(range).first]; place != kNone;
       place = entries_[place].next) {
    if (!range.covers(entries_[place].hash)) continue;
    ++out.count;
    out.fingerprint += entries_[place].fingerprint;
  }
  return out;
}

std::vector<std::uint32_t> RecordSummary::places(const HashPrefix& range) const {
  std::vector<std::uint32_t> out;
  const auto [first, end] = buckets(range);
  for (std::size_t bucket = first; bucket < end; ++bucket) {
    for (std::uint32_t place = heads_[bucket]; place != kNone; place = entries_[place].next) {
      if (range.covers(entries_[place].hash)) out.push_back(place);
    }
  }
  std::sort(out.begin(), out.end(), [this](std::uint32_t a, std::uint32_t b) {
    return std::tie(entries_[a].hash, a) < std::tie(entries_[b].hash, b);
  });
  return out;
}

void RecordSummary::take(std::uint32_t place) {
  const RecordView record = store_.at(place).view();
  entries_.push_back({hash_(record.client), fingerprint_of(record, scratch_), kNone});
  add(entries_[place].hash, {1, entries_[place].fingerprint});
  link(place);
}

void RecordSummary::add(std::uint64_t hash, RangeSum change) {
  for (std::size_t digits = 0; digits < levels_.size(); ++digits) {
    RangeSum& range = levels_[digits][leading(hash, digits)];
    range.count += change.count;
    range.fingerprint += change.fingerprint;
  }
}

void RecordSummary::link(std::uint32_t place) {
  std::uint32_t& head = heads_[leading(entries_[place].hash, levels_.size() - 1)];
  entries_[place].next = std::exchange(head, place);
}

void RecordSummary::deepen() {
  const std::size_t digits = levels_.size();
  levels_.emplace_back(heads_.size() * 16);
  heads_.assign(heads_.size() * 16, kNone);
  for (std::uint32_t place = 0; place < entries_.size(); ++place) {
    RangeSum& range = levels_.back()[leading(entries_[place].hash, digits)];
    ++range.count;
    range.fingerprint += entries_[place].fingerprint;
    link(place);
  }
}

std::pair<std::size_t, std::size_t> RecordSummary::buckets(const HashPrefix& range) const {
  const std::size_t depth = levels_.size() - 1;
  const auto digits = static_cast<std::size_t>(range.digits);
  const std::size_t first = leading(range.bits, depth);
  if (digits >= depth) return {first, first + 1};
  return {first, first + (std::size_t{1} << 4 * (depth - digits))};
}

}  // namespace herd
