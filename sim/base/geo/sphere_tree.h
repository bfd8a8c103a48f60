// Points on the sphere in a k-d tree: as unit vectors in space, where a great circle's angle is a
// chord's length, so that the antimeridian and the poles are places like any other.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nanoflann.hpp>
#include <numbers>
#include <utility>
#include <vector>

#include "core/geodesy.h"

namespace sim {

using UnitVector = std::array<double, 3>;

inline UnitVector unit_vector(herd::GeoPoint point) {
  constexpr double kDegree = std::numbers::pi / 180;
  const double lat = point.lat * kDegree;
  const double lon = point.lon * kDegree;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

// Immutable; const members may be called from several threads.
class SphereTree {
 public:
  // Points are known by their places in `vectors`.
  explicit SphereTree(std::vector<UnitVector> vectors)
      : points_{std::move(vectors)},
        index_(3, points_, nanoflann::KDTreeSingleIndexAdaptorParams(16)) {
    index_.buildIndex();
  }
  SphereTree(const SphereTree&) = delete;
  SphereTree& operator=(const SphereTree&) = delete;

  // Offers points to a result set as the library defines it, with the squares of their chords.
  template <class ResultSet>
  void find(ResultSet& found, herd::GeoPoint near) const {
    index_.findNeighbors(found, unit_vector(near).data(), {});
  }

 private:
  // What the library asks of its points.
  struct Points {
    std::vector<UnitVector> vectors;

    std::size_t kdtree_get_point_count() const { return vectors.size(); }
    double kdtree_get_pt(std::size_t point, std::size_t axis) const { return vectors[point][axis]; }
    template <class Box>
    bool kdtree_get_bbox(Box&) const {
      return false;
    }
  };
  using Index = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Points>,
                                                    Points, 3, std::uint32_t>;

  Points points_;
  Index index_;
};

}  // namespace sim
