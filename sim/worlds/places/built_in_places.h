// The places that come with the program (scenarios/places/cities.csv, GeoNames, CC BY 4.0), built
// into it so that it needs no file beside it.
#pragma once

#include <string_view>

namespace sim {

std::string_view built_in_places_csv();

}  // namespace sim
