#include "core/record_store.h"

#include <algorithm>

#include "core/mutation.h"

namespace herd {
namespace {

bool is_later(PosixNs a, PosixNs b) { return is_broken(Mutation::kOlderWins) ? a < b : a > b; }

}  // namespace

void RecordStore::leave() {
  for (const Record& record : records_) forget(record);
  seat_ = {};
}

std::size_t RecordStore::slot_of(std::string_view client, std::uint32_t hash) const {
  const std::uint32_t mask = index_bits();
  std::size_t at = hash & mask;
  while (slots_[at] != kFree &&
         (((slots_[at] ^ hash) & ~mask) != 0 || records_[slots_[at] & mask].client() != client)) {
    at = (at + 1) & mask;
  }
  return at;
}

void RecordStore::enlarge() {
  slots_.assign(slots_.empty() ? 8 : 2 * slots_.size(), kFree);
  records_.reserve(slots_.size() / 8 * 7);  // as many as there may be before the next call
  const std::uint32_t mask = index_bits();
  for (std::uint32_t place = 0; place < records_.size(); ++place) {
    const std::uint32_t hash = records_[place].client_hash();
    std::size_t at = hash & mask;
    while (slots_[at] != kFree) at = (at + 1) & mask;
    slots_[at] = (hash & ~mask) | place;
  }
}

void RecordStore::insert(const RecordView& report, std::uint32_t hash) {
  if ((records_.size() + 1) * 8 > slots_.size() * 7) enlarge();
  last_taken_ = static_cast<std::uint32_t>(records_.size());
  slots_[slot_of(report.client, hash)] = (hash & ~index_bits()) | last_taken_;
  records_.emplace_back(report, hash);
  note(records_.back());
  bytes_ += report.line.size();
}

template <class IsHeld>
Verdict RecordStore::offer_unless(const RecordView& report, std::uint32_t& hint, IsHeld is_held) {
  if (report.kept != nullptr || !has_place(report.client, hint)) {
    const std::uint32_t hash =
        report.kept != nullptr ? report.kept->client_hash() : hash_of(report.client);
    const std::size_t at = slots_.empty() ? 0 : slot_of(report.client, hash);
    if (slots_.empty() || slots_[at] == kFree) {
      if (records_.size() >= limits_.max_records || !has_room(report.line.size(), 0)) {
        return Verdict::kRefused;
      }
      insert(report, hash);
      hint = last_taken_;
      return Verdict::kAccepted;
    }
    hint = slots_[at] & index_bits();
  }
  const std::uint32_t place = hint;
  Record& record = records_[place];
  if (report.kept != nullptr && report.kept == record.kept()) return Verdict::kDuplicate;
  PosixNs time = report.time_ns, held_time = record.time_ns();
  const bool by_server_time = order_ == RecordOrder::kServerTime;
  if (by_server_time) [[unlikely]] {
    time = server_time(report);
    held_time = server_time(record.view());
  }
  if (is_later(time, held_time)) {
    // A repetition by a client has a later time on its server's clock.
    if (by_server_time && is_held(record.view())) return Verdict::kDuplicate;
  } else {
    if (is_later(held_time, time)) return Verdict::kStale;
    if (is_broken(Mutation::kTiesUnresolved)) return Verdict::kDuplicate;
    const RecordView held = record.view();
    const auto order = compare(report, held);
    if (order == 0 || is_held(held)) return Verdict::kDuplicate;
    if (order < 0) return Verdict::kStale;
  }
  const std::size_t held_size = record.size();
  if (!has_room(report.line.size(), held_size)) return Verdict::kRefused;
  bytes_ += report.line.size() - held_size;
  forget(record);
  record.assign(report, record.client_hash());
  note(record);
  last_taken_ = place;
  return Verdict::kAccepted;
}

Verdict RecordStore::offer(const RecordView& report) {
  // Most reports that a flood brings are held already.
  if (report.kept != nullptr && is_noted(*report.kept)) return Verdict::kDuplicate;
  return offer_unless(report, last_offered_, [](const RecordView&) { return false; });
}

Verdict RecordStore::offer_own(const RecordView& report, std::uint32_t& hint) {
  return offer_unless(report, hint, [&](const RecordView& held) { return repeats(report, held); });
}

const Record* RecordStore::find(std::string_view client) const {
  const auto place = place_of(client);
  return place ? &records_[*place] : nullptr;
}

std::optional<std::uint32_t> RecordStore::place_of(std::string_view client) const {
  if (slots_.empty()) return std::nullopt;
  const Slot slot = slots_[slot_of(client, hash_of(client))];
  if (slot == kFree) return std::nullopt;
  return slot & index_bits();
}

std::vector<RecordView> RecordStore::sorted() const {
  std::vector<RecordView> out;
  out.reserve(records_.size());
  for (const Record& record : records_) out.push_back(record.view());
  std::sort(out.begin(), out.end(),
            [](const RecordView& a, const RecordView& b) { return a.client < b.client; });
  return out;
}

}  // namespace herd
