#include "core/schemes/held_entries.h"

namespace herd {

std::uint32_t HeldEntries::note(std::string_view client) {
  const std::uint32_t place = *records_.place_of(client);
  places_.emplace(hash_of_client(client), place);
  return place;
}

RecordEntry HeldEntries::entry(std::uint32_t place) {
  const RecordView record = records_.at(place).view();
  return {hash_of_client(record.client), records_.order_time_at(place),
          fingerprint_of(record, scratch_)};
}

std::optional<std::uint32_t> HeldEntries::find(std::uint64_t hash) const {
  const auto found = places_.find(hash);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

bool HeldEntries::has(const RecordEntry& entry) {
  const auto place = find(entry.hash);
  if (!place) return false;
  const PosixNs own = records_.order_time_at(*place);
  if (own != entry.time_ns) return own > entry.time_ns;
  return fingerprint_of(records_.at(*place).view(), scratch_) == entry.fingerprint;
}

}  // namespace herd
