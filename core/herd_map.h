// The servers and links that a herd has by its configuration, for schemes that route by it, and the
// spanning trees that follow from it.
//
// A HerdMap never changes, so all servers of a herd may share one, in any number of threads. A
// TreeMemo remembers trees: it is a pure function's memo, which the servers of one thread share so
// that each tree is computed once and not once a server.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/time.h"

namespace herd {

class HerdMap {
 public:
  // A link and what it costs in each direction: its latency. Less than a nanosecond counts as one,
  // so that every tree is one.
  struct Link {
    std::uint32_t first = 0, second = 0;
    Duration forward{}, backward{};
  };
  struct Neighbor {
    std::uint32_t server = 0;
    std::uint32_t link = 0;
    std::int64_t cost = 1;  // from here to there, in nanoseconds
  };

  // Links refer to servers by their index in `names`. Precondition: names are unique, and links
  // join two different servers.
  HerdMap(std::vector<std::string> names, const std::vector<Link>& links);

  std::size_t size() const { return names_.size(); }
  std::string_view name(std::uint32_t server) const { return names_[server]; }
  // Returns the server's index in the map, its place; nullopt if the herd has no such server.
  std::optional<std::uint32_t> find(std::string_view name) const;
  // Returns the neighbours of a server, by their place.
  const std::vector<Neighbor>& neighbors(std::uint32_t server) const { return neighbors_[server]; }
  // Returns the link of two servers; nullopt if they have none.
  std::optional<std::uint32_t> link(std::uint32_t a, std::uint32_t b) const;
  std::size_t links() const { return links_; }
  Duration longest_latency() const { return longest_latency_; }
  // Returns the number of links between the server that is farthest from the first one and the
  // server that is farthest from it: nearly always the diameter, and at least half of it.
  std::int64_t hop_diameter() const { return hop_diameter_; }

 private:
  // Returns a server that is farthest from this one, by links, and its distance.
  std::pair<std::uint32_t, std::int64_t> farthest(std::uint32_t from) const;

  std::vector<std::string> names_;
  std::unordered_map<std::string_view, std::uint32_t> place_of_;
  std::vector<std::vector<Neighbor>> neighbors_;
  std::size_t links_ = 0;
  Duration longest_latency_{};
  std::int64_t hop_diameter_ = 0;
};

// Returns the number of a map without these links, which are sorted: 0 if there are none. Two maps
// have the same number only if they lack the same links, except for one chance in 2^64.
std::uint64_t map_number(const std::vector<std::uint32_t>& out);

enum class PathCost { kHops, kLatency };

// The shortest-path trees of a map without some of its links.
class Trees {
 public:
  static constexpr std::uint32_t kNone = 0xffff'ffff;

  // `out` is sorted: the links that are down. `map` must outlive the trees.
  Trees(const HerdMap& map, PathCost cost, std::vector<std::uint32_t> out);

  // Returns the server before each server on its shortest path from `origin`: of those on a
  // shortest path, the first in the map. kNone for the origin and for what it does not reach.
  const std::vector<std::uint32_t>& parents(std::uint32_t origin);
  bool reaches(std::uint32_t origin, std::uint32_t server) {
    return server == origin || parents(origin)[server] != kNone;
  }
  // Returns the number of the map without the links that are down.
  std::uint64_t number() const { return map_number(out_); }

 private:
  std::vector<std::uint32_t> compute(std::uint32_t origin) const;

  const HerdMap& map_;
  PathCost cost_;
  std::vector<std::uint32_t> out_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> parents_;
};

// In place of the number of a map: the server waits until a new one has settled.
inline constexpr std::uint64_t kSettlingMap = UINT64_MAX;

class TreeMemo {
 public:
  // `map` must outlive the memo.
  explicit TreeMemo(const HerdMap& map) : map_(map) {}

  // Returns the trees without these links, which are sorted. The callers own
  // them together, and the memo forgets them with their last owner.
  std::shared_ptr<Trees> trees(PathCost cost, const std::vector<std::uint32_t>& out);

 private:
  using Known = std::map<std::pair<PathCost, std::vector<std::uint32_t>>, std::weak_ptr<Trees>>;

  const HerdMap& map_;
  // Owners of trees take themselves out, and may live longer than the memo.
  std::shared_ptr<Known> known_ = std::make_shared<Known>();
};

}  // namespace herd
