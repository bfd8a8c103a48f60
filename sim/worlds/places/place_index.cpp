#include "sim/worlds/places/place_index.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <tuple>
#include <utility>

#include "sim/base/geo/sphere_tree.h"

namespace sim {
namespace {

// The square of a chord a little longer (6 µm) than that of the radius, so that rounding loses no
// place; who is in is decided by herd::distance_m.
double chord_squared(double radius_m) {
  const double angle = std::min(radius_m / herd::kEarthRadiusM, std::numbers::pi);
  const double chord = 2 * std::sin(angle / 2) + 1e-12;
  return chord * chord;
}

// Collects the points under a squared distance; the library's own sets differ between versions.
class Collector {
 public:
  using DistanceType = double;
  using IndexType = std::uint32_t;

  explicit Collector(double limit) : limit_(limit) {}
  std::size_t size() const { return points_.size(); }
  bool empty() const { return points_.empty(); }
  bool full() const { return true; }
  double worstDist() const { return limit_; }
  bool addPoint(double distance, std::uint32_t point) {
    if (distance < limit_) points_.push_back(point);
    return true;
  }
  void sort() {}
  const std::vector<std::uint32_t>& points() const { return points_; }

 private:
  double limit_;
  std::vector<std::uint32_t> points_;
};

bool nearer(const NearPlace& a, const NearPlace& b) {
  return std::tie(a.distance_m, a.place->place_id) < std::tie(b.distance_m, b.place->place_id);
}

bool more_prominent(const NearPlace& a, const NearPlace& b) {
  if (a.place->population != b.place->population) return a.place->population > b.place->population;
  return nearer(a, b);
}

}  // namespace

PlaceIndex::PlaceIndex(PlaceData data) : data_(std::move(data)) {
  std::vector<UnitVector> vectors;
  vectors.reserve(data_.places.size());
  for (const Place& place : data_.places) vectors.push_back(unit_vector(place.at));
  tree_ = std::make_unique<SphereTree>(std::move(vectors));
}

PlaceIndex::~PlaceIndex() = default;

std::vector<NearPlace> PlaceIndex::within(herd::GeoPoint center, double radius_m,
                                          PlaceOrder order) const {
  std::vector<NearPlace> found;
  if (data_.places.empty()) return found;
  Collector candidates(chord_squared(radius_m));
  tree_->find(candidates, center);
  found.reserve(candidates.size());
  for (const std::uint32_t point : candidates.points()) {
    const Place& place = data_.places[point];
    const double distance = herd::distance_m(center, place.at);
    if (distance <= radius_m) found.push_back({&place, distance});
  }
  std::sort(found.begin(), found.end(), order == PlaceOrder::kDistance ? nearer : more_prominent);
  return found;
}

}  // namespace sim
