#include "sim/script/spec/regular_graph.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

namespace sim {
namespace {

// The connected components of a graph, by union-find.
class Components {
 public:
  explicit Components(std::uint32_t servers) : parent_(servers) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }
  std::uint32_t find(std::uint32_t server) {
    while (parent_[server] != server) {
      parent_[server] = parent_[parent_[server]];
      server = parent_[server];
    }
    return server;
  }
  // Joins two components. Returns false if `a` and `b` were connected already.
  bool connect(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t root = find(a);
    const std::uint32_t other = find(b);
    parent_[other] = root;
    return root != other;
  }

 private:
  std::vector<std::uint32_t> parent_;
};

// Starts from a fixed regular graph. Shuffles it by exchanging the endpoints of two links at a
// time, which keeps the number of links of every server.
class RegularGraph {
 public:
  RegularGraph(std::uint32_t servers, std::uint32_t degree)
      : servers_(servers), degree_(degree), neighbors_(std::size_t{servers} * degree, kNobody) {
    links_.reserve(std::size_t{servers} * degree / 2);
    for (std::uint32_t step = 1; step <= degree / 2; ++step) {
      for (std::uint32_t i = 0; i < servers; ++i) add(i, (i + step) % servers);
    }
    if (degree % 2 != 0) {
      for (std::uint32_t i = 0; i < servers / 2; ++i) add(i, i + servers / 2);
    }
  }

  void shuffle(herd::Random& random) {
    constexpr std::size_t kExchangesPerLink = 10;
    for (std::size_t i = 0; i < kExchangesPerLink * links_.size(); ++i) {
      const std::size_t one = random.below(links_.size());
      const std::size_t other = random.below(links_.size());
      if (random.below(2) == 0) std::swap(links_[other].first, links_[other].second);
      exchange(one, other);
    }
  }

  // Makes the graph connected. Joins two components by exchanging the endpoints of one link of
  // each. Both links lie on a cycle, so each component stays connected without its link, and the
  // exchanged links join the two.
  void connect() {
    Components components(servers_);
    // Indexed by each component's root.
    std::vector<std::size_t> spare_link(servers_, links_.size());
    std::vector<std::size_t> closing;  // links that close a cycle
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (!components.connect(links_[i].first, links_[i].second)) closing.push_back(i);
    }
    for (const std::size_t i : closing) spare_link[components.find(links_[i].first)] = i;
    const std::uint32_t first = components.find(0);
    for (std::uint32_t i = 1; i < servers_; ++i) {
      if (components.find(i) != i || i == first) continue;
      exchange(spare_link[first], spare_link[i]);
      spare_link[first] = spare_link[i];  // now on a cycle through both components
    }
  }

  std::vector<LinkSpec> take_links() {
    for (LinkSpec& link : links_) {
      if (link.first > link.second) std::swap(link.first, link.second);
    }
    std::sort(links_.begin(), links_.end(), [](const LinkSpec& a, const LinkSpec& b) {
      return std::tie(a.first, a.second) < std::tie(b.first, b.second);
    });
    return std::move(links_);
  }

 private:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  using Neighbors = std::span<std::uint32_t>;
  Neighbors neighbors_of(std::uint32_t server) {
    return Neighbors(neighbors_).subspan(std::size_t{server} * degree_, degree_);
  }

  bool linked(std::uint32_t a, std::uint32_t b) {
    const Neighbors neighbors = neighbors_of(a);
    return std::find(neighbors.begin(), neighbors.end(), b) != neighbors.end();
  }

  void replace_neighbor(std::uint32_t server, std::uint32_t old_one, std::uint32_t new_one) {
    const Neighbors neighbors = neighbors_of(server);
    *std::find(neighbors.begin(), neighbors.end(), old_one) = new_one;
  }

  void add(std::uint32_t a, std::uint32_t b) {
    links_.push_back({a, b});
    replace_neighbor(a, kNobody, b);
    replace_neighbor(b, kNobody, a);
  }

  // Turns (a, b) and (c, d) into (a, d) and (c, b). Does nothing if that would link a server to
  // itself or two servers twice.
  void exchange(std::size_t one, std::size_t other) {
    const auto [a, b] = links_[one];
    const auto [c, d] = links_[other];
    if (a == d || c == b || linked(a, d) || linked(c, b)) return;
    replace_neighbor(a, b, d);
    replace_neighbor(b, a, c);
    replace_neighbor(c, d, b);
    replace_neighbor(d, c, a);
    links_[one] = {a, d};
    links_[other] = {c, b};
  }

  std::uint32_t servers_, degree_;
  std::vector<LinkSpec> links_;           // in either direction while it is shuffled
  std::vector<std::uint32_t> neighbors_;  // `degree_` of each server
};

}  // namespace

std::vector<LinkSpec> regular_graph(std::uint32_t servers, std::uint32_t degree,
                                    herd::Random& random) {
  RegularGraph graph(servers, degree);
  graph.shuffle(random);
  graph.connect();
  return graph.take_links();
}

}  // namespace sim
