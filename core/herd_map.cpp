#include "core/herd_map.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>

#include "core/siphash.h"

namespace herd {

HerdMap::HerdMap(std::vector<std::string> names, const std::vector<Link>& links)
    : names_(std::move(names)), neighbors_(names_.size()), links_(links.size()) {
  for (std::uint32_t i = 0; i < names_.size(); ++i) place_of_.emplace(names_[i], i);
  for (std::uint32_t i = 0; i < links.size(); ++i) {
    const Link& link = links[i];
    const auto cost = [](Duration latency) { return std::max<std::int64_t>(1, latency.count()); };
    neighbors_[link.first].push_back({link.second, i, cost(link.forward)});
    neighbors_[link.second].push_back({link.first, i, cost(link.backward)});
    longest_latency_ = std::max({longest_latency_, link.forward, link.backward});
  }
  for (auto& each : neighbors_) {
    std::sort(each.begin(), each.end(),
              [](const Neighbor& a, const Neighbor& b) { return a.server < b.server; });
  }
  if (!names_.empty()) hop_diameter_ = farthest(farthest(0).first).second;
}

std::pair<std::uint32_t, std::int64_t> HerdMap::farthest(std::uint32_t from) const {
  std::vector<std::int64_t> distance(size(), -1);
  std::vector<std::uint32_t> reached{from};
  distance[from] = 0;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const Neighbor& next : neighbors_[reached[i]]) {
      if (distance[next.server] >= 0) continue;
      distance[next.server] = distance[reached[i]] + 1;
      reached.push_back(next.server);
    }
  }
  return {reached.back(), distance[reached.back()]};
}

std::optional<std::uint32_t> HerdMap::find(std::string_view name) const {
  const auto found = place_of_.find(name);
  if (found == place_of_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::uint32_t> HerdMap::link(std::uint32_t a, std::uint32_t b) const {
  const auto& near = neighbors_[a];
  const auto found = std::lower_bound(
      near.begin(), near.end(), b,
      [](const Neighbor& neighbor, std::uint32_t server) { return neighbor.server < server; });
  if (found == near.end() || found->server != b) return std::nullopt;
  return found->link;
}

Trees::Trees(const HerdMap& map, PathCost cost, std::vector<std::uint32_t> out)
    : map_(map), cost_(cost), out_(std::move(out)) {}

const std::vector<std::uint32_t>& Trees::parents(std::uint32_t origin) {
  const auto found = parents_.find(origin);
  if (found != parents_.end()) return found->second;
  return parents_.emplace(origin, compute(origin)).first->second;
}

std::uint64_t map_number(const std::vector<std::uint32_t>& out) {
  if (out.empty()) return 0;
  std::string text;
  for (const std::uint32_t link : out) text += std::to_string(link) + " ";
  return siphash24({}, text) | 1;
}

// Dijkstra's algorithm, then the first server on a shortest path for each.
std::vector<std::uint32_t> Trees::compute(std::uint32_t origin) const {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  const auto is_in = [this](const HerdMap::Neighbor& neighbor) {
    return !std::binary_search(out_.begin(), out_.end(), neighbor.link);
  };
  const auto cost = [this](const HerdMap::Neighbor& neighbor) {
    return cost_ == PathCost::kHops ? 1 : neighbor.cost;
  };
  std::vector<std::int64_t> distance(map_.size(), kFar);
  using Entry = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  distance[origin] = 0;
  open.push({0, origin});
  std::vector<std::uint32_t> parents(map_.size(), kNone);
  while (!open.empty()) {
    const auto [far, server] = open.top();
    open.pop();
    if (far != distance[server]) continue;
    for (const HerdMap::Neighbor& next : map_.neighbors(server)) {
      if (!is_in(next)) continue;
      const std::int64_t there = far + cost(next);
      if (there < distance[next.server]) {
        distance[next.server] = there;
        parents[next.server] = server;
        open.push({there, next.server});
      } else if (there == distance[next.server] && server < parents[next.server]) {
        parents[next.server] = server;
      }
    }
  }
  parents[origin] = kNone;
  return parents;
}

std::shared_ptr<Trees> TreeMemo::trees(PathCost cost, const std::vector<std::uint32_t>& out) {
  const auto [at, is_new] = known_->try_emplace({cost, out});
  if (!is_new) return at->second.lock();
  const auto forget = [known = known_, at = at](Trees* trees) {
    known->erase(at);
    delete trees;
  };
  std::shared_ptr<Trees> trees(new Trees(map_, cost, out), forget);
  at->second = trees;
  return trees;
}

}  // namespace herd
