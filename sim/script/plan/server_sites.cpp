#include "sim/script/plan/server_sites.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace sim {
namespace {

std::vector<herd::GeoPoint> points_of(const HerdSpec& herd) {
  std::vector<herd::GeoPoint> points;
  points.reserve(herd.servers.size());
  for (const ServerSpec& server : herd.servers) points.push_back(*server.at);
  return points;
}

std::vector<UnitVector> vectors_of(const std::vector<herd::GeoPoint>& points) {
  std::vector<UnitVector> vectors;
  vectors.reserve(points.size());
  for (const herd::GeoPoint& point : points) vectors.push_back(unit_vector(point));
  return vectors;
}

// A result set for the tree's library. Keeps the nearest server; of equally near ones the first.
class Nearest {
 public:
  using DistanceType = double;
  using IndexType = std::uint32_t;

  explicit Nearest(std::optional<std::uint32_t> but) : but_(but) {}
  std::size_t size() const { return full() ? 1 : 0; }
  bool empty() const { return !full(); }
  bool full() const { return chord_squared_ < std::numeric_limits<double>::infinity(); }
  // The library skips points that are not below this distance, and it rounds. The margin lets
  // equally near servers through.
  double worstDist() const { return chord_squared_ * (1 + 1e-9) + 1e-30; }
  bool addPoint(double chord_squared, std::uint32_t server) {
    if (server == but_) return true;
    if (std::pair(chord_squared, server) < std::pair(chord_squared_, server_)) {
      chord_squared_ = chord_squared;
      server_ = server;
    }
    return true;
  }
  void sort() {}
  std::uint32_t server() const { return server_; }

 private:
  std::optional<std::uint32_t> but_;
  double chord_squared_ = std::numeric_limits<double>::infinity();
  std::uint32_t server_ = 0;
};

}  // namespace

ServerSites::ServerSites(const HerdSpec& herd)
    : points_(points_of(herd)), tree_(vectors_of(points_)) {}

std::uint32_t ServerSites::nearest(herd::GeoPoint to) const {
  Nearest found(std::nullopt);
  tree_.find(found, to);
  return found.server();
}

std::uint32_t ServerSites::nearest_but(std::uint32_t server, herd::GeoPoint to) const {
  Nearest found(server);
  tree_.find(found, to);
  return found.server();
}

std::vector<std::uint32_t> ServerSites::by_distance(herd::GeoPoint to) const {
  const UnitVector here = unit_vector(to);
  std::vector<std::pair<double, std::uint32_t>> ranked;
  ranked.reserve(points_.size());
  for (std::uint32_t server = 0; server < points_.size(); ++server) {
    const UnitVector there = unit_vector(points_[server]);
    double chord_squared = 0;
    for (std::size_t axis = 0; axis < here.size(); ++axis) {
      const double part = here[axis] - there[axis];
      chord_squared += part * part;
    }
    ranked.emplace_back(chord_squared, server);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::uint32_t> servers;
  servers.reserve(ranked.size());
  for (const auto& [chord_squared, server] : ranked) servers.push_back(server);
  return servers;
}

double ServerSites::distance_m(std::uint32_t server, herd::GeoPoint to) const {
  return herd::distance_m(points_[server], to);
}

}  // namespace sim
