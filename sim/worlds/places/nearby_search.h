// Nearby Search as the Google Places web service (legacy) documents it, over an index of places.
// https://developers.google.com/maps/documentation/places/web-service/legacy/search-nearby
//
// | parameter | here | | ---------------- |
// ----------------------------------------------------------------------- | | location |
// `latitude,longitude`, required | | radius | metres, > 0, clamped to 50,000; required, but refused
// with | | | rankby=distance, which searches 50,000 m | | rankby | prominence (default: by
// population) or distance; the latter needs | | | keyword, name or type | | type | one type; of
// `a|b` only the first counts, `a,b` is ignored | | keyword, name | words that must all occur in a
// place's name, types or vicinity, | | | whatever the case of their ASCII letters | | opennow, |
// leave nothing: the places have neither hours nor prices | | minprice, | | | maxprice | | |
// pagetoken | the next 20 of the search that gave the token, 60 in all; valid at once | | key | see
// SearchConfig | Others are ignored. If a parameter is given twice, the first one counts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/worlds/places/place_index.h"

namespace sim {

inline constexpr std::string_view kNearbySearchPath = "/maps/api/place/nearbysearch/json";
inline constexpr double kMaxSearchRadiusM = 50'000;
inline constexpr std::size_t kPageSize = 20;
inline constexpr std::size_t kMaxResults = 60;

// A parameter of the query string, percent-decoded.
struct QueryParameter {
  std::string name;
  std::string value;
};

struct SearchConfig {
  std::string key = {};  // what `key` must be; empty: anything or nothing
};

struct SearchAnswer {
  int http_status = 200;
  std::string body;  // JSON, indented
};

// Answers a query. Always HTTP 200, as Google's: what is wrong is the JSON's `status` and
// `error_message`. No state, no clock: a page token carries its search within it.
SearchAnswer nearby_search(const PlaceIndex& index, const SearchConfig& config,
                           const std::vector<QueryParameter>& parameters);

// The answer over quota.
SearchAnswer over_query_limit();

// Google's types for GeoNames' feature code, the first of them the most telling.
std::vector<std::string_view> types_of(std::string_view feature_code);

}  // namespace sim
