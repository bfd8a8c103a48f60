// Places that several tests of mobility use.
#pragma once

#include <numbers>

#include "core/geodesy.h"
#include "sim/script/spec/geo_area.h"

namespace sim {

inline constexpr GeoArea kCity{34.0, -118.5, 34.1, -118.4};

// The length of a degree of latitude.
inline constexpr double kDegreeM = herd::kEarthRadiusM * std::numbers::pi / 180;

}  // namespace sim
