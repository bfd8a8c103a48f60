// A point of interest that Nearby Search can find: a town, a quarter, or whatever a data file
// holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/geodesy.h"

namespace sim {

struct Place {
  std::string place_id;      // unique in its file, e.g. "geonames:5368361"
  std::string name;          // UTF-8, never empty
  std::string country;       // ISO 3166-1 alpha-2; may be empty
  std::string admin1;        // first-level division, GeoNames' code; may be empty
  std::string feature_code;  // GeoNames' feature code (PPL, PPLA, PPLX, …); may be empty
  std::int64_t population = 0;
  herd::GeoPoint at;
};

// A data file's places, and the credits that answers made from them must carry (HTML).
struct PlaceData {
  std::vector<Place> places;
  std::vector<std::string> attributions;
};

}  // namespace sim
