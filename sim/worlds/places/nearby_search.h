// Nearby Search as the Google Places web service (legacy) documents it, over an index of places.
// https://developers.google.com/maps/documentation/places/web-service/legacy/search-nearby
//
// - `location`: `latitude,longitude`, required.
// - `radius`: metres above 0, clamped to 50,000. Required, but refused with rankby=distance, which
//   searches 50,000 m.
// - `rankby`: prominence (the default: by population) or distance, which needs keyword, name or
//   type.
// - `type`: one type. Of `a|b` only the first counts, `a,b` is ignored.
// - `keyword`, `name`: words that must all occur in a place's name, types or vicinity, whatever the
//   case of their ASCII letters.
// - `opennow`, `minprice`, `maxprice`: leave nothing, because the places have neither hours nor
//   prices.
// - `pagetoken`: the next 20 of the search that gave the token, 60 in all. As with Google, a token
//   becomes valid a moment after it was given.
// - `key`: see SearchConfig.
//
// Others are ignored. If a parameter is given twice, the first one counts.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "sim/worlds/places/place_index.h"

namespace sim {

inline constexpr std::string_view kNearbySearchPath = "/maps/api/place/nearbysearch/json";
inline constexpr double kMaxSearchRadiusM = 50'000;
inline constexpr std::size_t kPageSize = 20;
inline constexpr std::size_t kMaxResults = 60;
inline constexpr herd::Duration kPageTokenDelay = std::chrono::seconds(2);

// A parameter of the query string, percent-decoded.
struct QueryParameter {
  std::string name;
  std::string value;
};

struct SearchConfig {
  std::string key = {};   // what `key` must be; empty: anything or nothing
  herd::Duration now{0};  // the time of the query, from a clock that never goes back
};

struct SearchAnswer {
  int http_status = 200;
  std::string body;  // JSON, with the white space of Google's
};

// Answers a query. Always HTTP 200, as Google's: what is wrong is the JSON's `status` and
// `error_message`. No state: a page token carries its search and its time within it.
SearchAnswer nearby_search(const PlaceIndex& index, const SearchConfig& config,
                           const std::vector<QueryParameter>& parameters);

// The answer over quota.
SearchAnswer over_query_limit();

// Google's types for GeoNames' feature code, the first of them the most telling.
std::vector<std::string_view> types_of(std::string_view feature_code);

}  // namespace sim
