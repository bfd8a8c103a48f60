// The locations of a herd's servers, and searches for the nearest one.
#pragma once

#include <cstdint>
#include <vector>

#include "core/geodesy.h"
#include "sim/base/geo/sphere_tree.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Servers are indices into HerdSpec::servers. If several servers are equally near, the one listed
// first counts as the nearest. Immutable: several threads may call const members. A search takes
// well below a microsecond for a thousand servers.
class ServerSites {
 public:
  // Every server must have a location.
  explicit ServerSites(const HerdSpec& herd);

  std::uint32_t nearest(herd::GeoPoint to) const;
  // Returns the nearest server except `server`. The herd must have another one.
  std::uint32_t nearest_but(std::uint32_t server, herd::GeoPoint to) const;
  // Returns all servers, the nearest first.
  std::vector<std::uint32_t> by_distance(herd::GeoPoint to) const;
  // Returns the distance along the great circle.
  double distance_m(std::uint32_t server, herd::GeoPoint to) const;

 private:
  std::vector<herd::GeoPoint> points_;  // by server
  SphereTree tree_;
};

}  // namespace sim
