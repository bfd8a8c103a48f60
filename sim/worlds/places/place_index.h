// Finds places near a point.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/geodesy.h"
#include "sim/worlds/places/place.h"

namespace sim {

class SphereTree;

enum class PlaceOrder {
  kProminence,  // population descending, then distance, then place_id
  kDistance,    // distance, then place_id
};

struct NearPlace {
  const Place* place = nullptr;  // owned by the index
  double distance_m = 0;
};

// Immutable once built. Building takes some 10 ms for 50,000 places, a query of 50 km or less tens
// of microseconds. const members may be called from several threads.
class PlaceIndex {
 public:
  explicit PlaceIndex(PlaceData data);
  ~PlaceIndex();
  PlaceIndex(const PlaceIndex&) = delete;
  PlaceIndex& operator=(const PlaceIndex&) = delete;

  // Every place whose herd::distance_m from `center` is at most `radius_m` (>= 0), ordered.
  std::vector<NearPlace> within(herd::GeoPoint center, double radius_m, PlaceOrder order) const;

  const PlaceData& data() const { return data_; }

 private:
  PlaceData data_;
  std::unique_ptr<const SphereTree> tree_;
};

}  // namespace sim
