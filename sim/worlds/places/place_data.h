// Reading places from a file: CSV with the columns of scenarios/places/README.md, or GeoJSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "sim/worlds/places/place.h"

namespace sim {

// The errors of a data file, one line each: `FILE:LINE: FIELD: what (what would be right)`. At most
// 20 of them, then one that says that there are more.
using PlaceErrors = std::vector<std::string>;

// Reads a whole file: GeoJSON where its first character is `{`, CSV otherwise. A UTF-8 byte order
// mark is ignored; an error names a file in another encoding. Blocking.
herd::Result<PlaceData, PlaceErrors> load_places(const std::string& file);
// The same for what the user named on the command line: any file, or standard input if it is `-`.
herd::Result<PlaceData, PlaceErrors> load_named_places(const std::string& file);

// CSV (RFC 4180) with a header line that names, in any order, geonameid, name, country, admin1,
// feature_code, population, lat and lon, each once; further columns are ignored. The credit is
// GeoNames'.
herd::Result<PlaceData, PlaceErrors> parse_places_csv(std::string_view text, std::string_view file);

// A GeoJSON (RFC 7946) FeatureCollection of Points, each with a property `name`; the properties
// `country`, `admin1`, `feature_code` and `population` and the feature's `id` are optional. A
// population may be text or have decimals, as other programs write it. The credit is the
// collection's own member `attribution`, if it has one.
herd::Result<PlaceData, PlaceErrors> parse_places_geojson(std::string_view text,
                                                          std::string_view file);

}  // namespace sim
