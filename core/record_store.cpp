#include "core/record_store.h"

#include <algorithm>

namespace herd {

template <class IsHeld>
Verdict RecordStore::offer_unless(const RecordView& report, IsHeld is_held) {
  const auto found = records_.find(report.client);
  if (found == records_.end()) {
    records_.emplace(std::string(report.client), Record(report));
    return Verdict::kTaken;
  }
  const RecordView held = found->second.view();
  const auto order = compare(report, held);
  if (order == 0 || is_held(held)) return Verdict::kHeld;
  if (order < 0) return Verdict::kStale;
  found->second.assign(report);
  return Verdict::kTaken;
}

Verdict RecordStore::offer(const RecordView& report) {
  return offer_unless(report, [](const RecordView&) { return false; });
}

Verdict RecordStore::offer_own(const RecordView& report) {
  return offer_unless(report, [&](const RecordView& held) { return repeats(report, held); });
}

const Record* RecordStore::find(std::string_view client) const {
  const auto found = records_.find(client);
  return found == records_.end() ? nullptr : &found->second;
}

std::vector<RecordView> RecordStore::sorted() const {
  std::vector<RecordView> out;
  out.reserve(records_.size());
  for (const auto& [client, record] : records_) out.push_back(record.view());
  std::sort(out.begin(), out.end(),
            [](const RecordView& a, const RecordView& b) { return a.client < b.client; });
  return out;
}

}  // namespace herd
