// The records that a server holds, by the hash of their client, for schemes that announce records
// before they send them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/record_entry.h"
#include "core/record_store.h"

namespace herd {

class HeldEntries {
 public:
  // `records` must outlive this.
  explicit HeldEntries(const RecordStore& records) : records_(records) {}

  // Takes note of a client whose record was just accepted. Returns its place in the store.
  std::uint32_t note(std::string_view client);
  // Returns the entry of the record at a place that was noted.
  RecordEntry entry(std::uint32_t place);
  // Returns the place of the client with this hash; nullopt if none was noted.
  std::optional<std::uint32_t> find(std::uint64_t hash) const;
  // Returns true if the server holds the entry's record, or a newer one of its client. Returns
  // false for another record with the same time, because either may be the newer one.
  bool has(const RecordEntry& entry);

 private:
  const RecordStore& records_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;  // by hash
  std::string scratch_;
};

}  // namespace herd
