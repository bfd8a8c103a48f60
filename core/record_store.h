// One server's records: the newest report of every client that it has heard of.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/record.h"

namespace herd {

enum class Verdict {
  kTaken,  // newer than what was held, or the first of its client: held from now on
  kHeld,   // the very report that is held
  kStale,  // older than what is held
};

class RecordStore {
 public:
  // Takes the report where it is newer. Allocates only for a client that was not known.
  Verdict offer(const RecordView& report);
  // The same for a report that a client makes itself: one that only repeats is kHeld.
  Verdict offer_own(const RecordView& report);

  // nullptr where the client is not known. Valid until the next offer.
  const Record* find(std::string_view client) const;
  std::size_t size() const { return records_.size(); }
  // Every record, by client id in byte order.
  std::vector<RecordView> sorted() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  template <class IsHeld>
  Verdict offer_unless(const RecordView& report, IsHeld is_held);

  std::unordered_map<std::string, Record, Hash, std::equal_to<>> records_;
};

}  // namespace herd
