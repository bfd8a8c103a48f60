// Where a herd's servers stand, and which is nearest.
#pragma once

#include <cstdint>
#include <vector>

#include "core/geodesy.h"
#include "sim/base/geo/sphere_tree.h"
#include "sim/script/spec/herd_spec.h"

namespace sim {

// Servers are places in HerdSpec::servers; of equals the one listed first is the nearest.
// Immutable; const members may be called from several threads. A search takes well below a
// microsecond for a thousand servers.
class ServerSites {
 public:
  // Every server stands somewhere.
  explicit ServerSites(const HerdSpec& herd);

  std::uint32_t nearest(herd::GeoPoint to) const;
  // But for this one; there are others.
  std::uint32_t nearest_but(std::uint32_t server, herd::GeoPoint to) const;
  // All of them, the nearest first.
  std::vector<std::uint32_t> by_distance(herd::GeoPoint to) const;
  // Along the great circle.
  double distance_m(std::uint32_t server, herd::GeoPoint to) const;

 private:
  std::vector<herd::GeoPoint> points_;  // by server
  SphereTree tree_;
};

}  // namespace sim
