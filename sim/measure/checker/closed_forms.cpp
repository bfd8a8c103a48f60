#include "sim/measure/checker/closed_forms.h"

#include <algorithm>
#include <numeric>

namespace sim {
namespace {

// By server.
std::vector<std::uint64_t> count_neighbors(const HerdSpec& herd) {
  std::vector<std::uint64_t> neighbors(herd.servers.size());
  for (const LinkSpec& link : herd.links) {
    ++neighbors[link.first];
    ++neighbors[link.second];
  }
  return neighbors;
}

}  // namespace

herd::UpdateBounds bounds_of(const herd::Scheme& scheme, const Component& component) {
  return scheme.info().bounds(scheme, component);
}

std::optional<FloodCounts> closed_form(const herd::UpdateBounds& bounds,
                                       const Component& component) {
  if (!bounds.exact) return std::nullopt;
  const herd::UpdateCost& cost = *bounds.exact;
  return FloodCounts{cost.messages, component.servers - 1, cost.duplicates, cost.echoes};
}

Component whole_of(const HerdSpec& herd) {
  const std::vector<std::uint64_t> neighbors = count_neighbors(herd);
  return {herd.servers.size(), herd.links.size(),
          neighbors.empty() ? 0 : *std::max_element(neighbors.begin(), neighbors.end())};
}

Components find_components(const HerdSpec& herd, const std::vector<bool>& up) {
  // Union-find with path halving.
  std::vector<std::uint32_t> parent(herd.servers.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t s) {
    while (parent[s] != s) s = parent[s] = parent[parent[s]];
    return s;
  };
  for (std::size_t i = 0; i < herd.links.size(); ++i) {
    if (up[i]) parent[root(herd.links[i].first)] = root(herd.links[i].second);
  }
  Components out;
  std::vector<std::uint32_t> number(parent.size());
  out.of_server.resize(parent.size());
  for (std::uint32_t s = 0; s < parent.size(); ++s) {
    if (parent[s] != s) continue;
    number[s] = static_cast<std::uint32_t>(out.list.size());
    out.list.emplace_back();
  }
  for (std::uint32_t s = 0; s < parent.size(); ++s) {
    out.of_server[s] = number[root(s)];
    ++out.list[out.of_server[s]].servers;
  }
  for (std::size_t i = 0; i < herd.links.size(); ++i) {
    if (up[i]) ++out.list[out.of_server[herd.links[i].first]].links;
  }
  const std::vector<std::uint64_t> neighbors = count_neighbors(herd);
  for (std::uint32_t s = 0; s < parent.size(); ++s) {
    std::uint64_t& most = out.list[out.of_server[s]].most_neighbors;
    most = std::max(most, neighbors[s]);
  }
  return out;
}

}  // namespace sim
