// A k-d tree of points on the sphere. It stores them as unit vectors in space. The length of a
// chord grows with the angle of the great circle, so the antimeridian and the poles need no special
// case.
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

// Immutable. Several threads may call const members at the same time.
class SphereTree {
 public:
  // Results identify a point by its index in `vectors`.
  explicit SphereTree(std::vector<UnitVector> vectors)
      : points_{std::move(vectors)},
        index_(3, points_, nanoflann::KDTreeSingleIndexAdaptorParams(16)) {
    index_.buildIndex();
  }
  SphereTree(const SphereTree&) = delete;
  SphereTree& operator=(const SphereTree&) = delete;

  // Passes points near `near`, with the squares of their chord lengths, to a result set of the
  // library.
  template <class ResultSet>
  void find(ResultSet& found, herd::GeoPoint near) const {
    index_.findNeighbors(found, unit_vector(near).data(), {});
  }

 private:
  // The interface that the library requires of a set of points.
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
