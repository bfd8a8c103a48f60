#include "core/schemes/announced_entries.h"

#include <algorithm>
#include <utility>

namespace herd {

void AnnouncedEntries::announced(const RecordEntry& entry, NeighborId from, std::uint32_t tree,
                                 Instant first_asked) {
  const auto [at, is_new] = missing_.try_emplace(entry.hash);
  Missing& missing = at->second;
  if (is_new || missing.entry.time_ns < entry.time_ns) {
    missing.entry = entry;
    missing.tree = tree;
    std::erase(missing.announcers, from);
    missing.announcers.insert(missing.announcers.begin(), from);
    set_due(missing, first_asked);
    return;
  }
  if (entry.time_ns < missing.entry.time_ns) return;
  if (std::count(missing.announcers.begin(), missing.announcers.end(), from) == 0) {
    missing.announcers.push_back(from);
  }
}

void AnnouncedEntries::accepted(std::uint64_t client, HeldEntries& held) {
  const auto found = missing_.find(client);
  if (found != missing_.end() && held.has(found->second.entry)) missing_.erase(found);
}

void AnnouncedEntries::forget(NeighborId neighbor) {
  for (auto& [client, missing] : missing_) std::erase(missing.announcers, neighbor);
}

void AnnouncedEntries::ask_at(std::uint32_t tree, Instant at) {
  for (auto& [client, missing] : missing_) {
    if (missing.tree == tree) set_due(missing, at);
  }
}

std::vector<AnnouncedEntries::Request> AnnouncedEntries::take_due(Instant now) {
  if (!due_ || *due_ > now) return {};
  due_.reset();
  std::map<std::pair<std::uint32_t, NeighborId>, std::vector<std::uint64_t>> asked;
  for (auto at = missing_.begin(); at != missing_.end();) {
    Missing& missing = at->second;
    if (missing.due > now) {
      set_due(missing, missing.due);
    } else if (missing.announcers.empty()) {
      at = missing_.erase(at);
      continue;
    } else {
      asked[{missing.tree, missing.announcers.front()}].push_back(at->first);
      missing.announcers.erase(missing.announcers.begin());
      set_due(missing, now + retry_);
    }
    ++at;
  }
  std::vector<Request> requests;
  requests.reserve(asked.size());
  for (auto& [whom, clients] : asked) {
    requests.push_back({whom.first, whom.second, std::move(clients)});
  }
  return requests;
}

void AnnouncedEntries::set_due(Missing& missing, Instant at) {
  missing.due = at;
  if (!due_ || at < *due_) due_ = at;
}

}  // namespace herd
