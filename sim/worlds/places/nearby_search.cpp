#include "sim/worlds/places/nearby_search.h"

#include <jansson.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "core/result.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/numbers.h"
#include "sim/base/text/trimmed.h"
#include "sim/base/text/utf8.h"

namespace sim {
namespace {

// The search; a page token holds the same.
struct Search {
  herd::GeoPoint center;
  double radius_m = kMaxSearchRadiusM;
  PlaceOrder order = PlaceOrder::kProminence;
  std::string type;      // empty: any
  std::string keywords;  // empty: any
  bool nothing = false;  // asks for what no place has
  std::size_t offset = 0;
  herd::Duration given_at{0};  // of a token: when it was given
};

// Why a query is refused.
struct Refusal {
  std::string_view status;
  std::string_view message;
};

Refusal invalid(std::string_view message) { return {"INVALID_REQUEST", message}; }

class Parameters {
 public:
  explicit Parameters(const std::vector<QueryParameter>& all) : all_(all) {}

  // nullptr where it is not given.
  const std::string* find(std::string_view name) const {
    const auto found = std::find_if(all_.begin(), all_.end(),
                                    [&](const QueryParameter& p) { return p.name == name; });
    return found == all_.end() ? nullptr : &found->value;
  }
  std::string_view text(std::string_view name) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string_view() : *value;
  }

 private:
  const std::vector<QueryParameter>& all_;
};

std::optional<double> parse_double(std::string_view text) {
  text = trimmed(text, " ");
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return read_real(text);
}

bool is_point(herd::GeoPoint p) { return std::abs(p.lat) <= 90 && std::abs(p.lon) <= 180; }

std::optional<herd::GeoPoint> parse_lat_lng(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto lat = parse_double(text.substr(0, comma));
  const auto lon = parse_double(text.substr(comma + 1));
  if (!lat || !lon || !is_point({*lat, *lon})) return std::nullopt;
  return herd::GeoPoint{*lat, *lon};
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

static_assert(kPageTokenDelay == std::chrono::seconds(2), "an error message says so");

// Tokens are the search as a JSON array, in hexadecimal: opaque, safe in a URL, no state here.
std::string write_token(const Search& search, std::size_t offset, herd::Duration now) {
  const OwnedJson json(json_pack(
      "[I, I, f, f, f, b, o, o, b]", static_cast<json_int_t>(now.count()),
      static_cast<json_int_t>(offset), search.center.lat, search.center.lon, search.radius_m,
      search.order == PlaceOrder::kDistance, json_text(search.type).release(),
      json_text(search.keywords).release(), search.nothing));
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(json.get(), JSON_COMPACT),
                                                         &std::free);
  std::string token;
  for (const char c : std::string_view(text.get())) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    token += kDigits[static_cast<unsigned char>(c) >> 4];
    token += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return token;
}

std::optional<Search> read_token(std::string_view token) {
  std::string text;
  for (std::size_t i = 0; i + 1 < token.size(); i += 2) {
    const auto byte = read_whole<unsigned char>(token.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    text += static_cast<char>(*byte);
  }
  const OwnedJson json = parse_json(text);
  json_int_t given_at = 0;
  json_int_t offset = 0;
  Search search;
  int by_distance = 0;
  int nothing = 0;
  const char* type = nullptr;
  const char* keywords = nullptr;
  if (!json || json_unpack(json.get(), "[I, I, F, F, F, b, s, s, b]", &given_at, &offset,
                           &search.center.lat, &search.center.lon, &search.radius_m, &by_distance,
                           &type, &keywords, &nothing) != 0) {
    return std::nullopt;
  }
  if (offset <= 0 || offset >= static_cast<json_int_t>(kMaxResults) || !is_point(search.center) ||
      !(search.radius_m > 0 && search.radius_m <= kMaxSearchRadiusM)) {
    return std::nullopt;
  }
  search.offset = static_cast<std::size_t>(offset);
  search.given_at = herd::Duration(given_at);
  search.order = by_distance != 0 ? PlaceOrder::kDistance : PlaceOrder::kProminence;
  search.type = type;
  search.keywords = keywords;
  search.nothing = nothing != 0;
  return search;
}

// The type searched for; empty where any will do.
std::string_view wanted_type(std::string_view type) {
  type = type.substr(0, type.find('|'));
  return type.find(',') == std::string_view::npos ? type : std::string_view();
}

herd::Result<Search, Refusal> read_search(const Parameters& parameters, herd::Duration now) {
  if (const std::string* token = parameters.find("pagetoken"); token != nullptr) {
    auto search = read_token(*token);
    if (!search) return invalid("pagetoken: not one that this service gave");
    if (now < search->given_at || now - search->given_at < kPageTokenDelay) {
      return invalid("pagetoken: not valid yet (a token becomes valid 2 seconds after its page)");
    }
    return *std::move(search);
  }
  Search search;
  const auto center = parse_lat_lng(parameters.text("location"));
  if (!center) return invalid("location: missing or wrong (latitude,longitude in degrees)");
  search.center = *center;

  search.type = wanted_type(parameters.text("type"));
  search.keywords = trimmed(parameters.text("keyword"), " ");
  if (const auto name = trimmed(parameters.text("name"), " "); !name.empty()) {
    if (!search.keywords.empty()) search.keywords += ' ';
    search.keywords += name;
  }
  const auto plain = [](const std::string& text) {
    return valid_utf8(text) && text.find('\0') == std::string::npos;
  };
  if (!plain(search.type) || !plain(search.keywords)) {
    return invalid("type, keyword, name: not text in UTF-8");
  }
  search.nothing = parameters.find("opennow") != nullptr ||
                   parameters.find("minprice") != nullptr || parameters.find("maxprice") != nullptr;

  const std::string* radius = parameters.find("radius");
  const std::string_view rank = parameters.text("rankby");
  if (rank == "distance") {
    search.order = PlaceOrder::kDistance;
    if (radius != nullptr) return invalid("radius: must not be given with rankby=distance");
    if (search.type.empty() && search.keywords.empty()) {
      return invalid("rankby=distance: needs one of keyword, name or type");
    }
    return search;
  }
  if (!rank.empty() && rank != "prominence") {
    return invalid("rankby: neither prominence nor distance");
  }
  const auto metres = parse_double(radius == nullptr ? std::string_view() : *radius);
  if (!metres || !(*metres > 0)) return invalid("radius: missing or wrong (metres above 0)");
  search.radius_m = std::min(*metres, kMaxSearchRadiusM);
  return search;
}

std::string vicinity_of(const Place& place) {
  if (place.admin1.empty() || place.country.empty()) return place.admin1 + place.country;
  return place.admin1 + ", " + place.country;
}

// Whether a place is of the type, and holds every word (in lower case).
bool matches(const Place& place, std::string_view type, std::string_view words) {
  const auto types = types_of(place.feature_code);
  if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end()) return false;
  if (words.empty()) return true;
  std::string content = lower(place.name);
  for (const std::string_view each : types) content.append("\n").append(each);
  content += '\n' + lower(vicinity_of(place));
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (content.find(words.substr(at, end - at)) == std::string::npos) return false;
    at = end + 1;
  }
  return true;
}

OwnedJson result_json(const Place& place) {
  OwnedJson types(json_array());
  for (const std::string_view type : types_of(place.feature_code)) {
    add(types.get(), type);
  }
  return OwnedJson(json_pack(
      "{s:{s:{s:f, s:f}}, s:o, s:o, s:o, s:o, s:o}", "geometry", "location", "lat", place.at.lat,
      "lng", place.at.lon, "name", json_text(place.name).release(), "place_id",
      json_text(place.place_id).release(), "reference", json_text(place.place_id).release(),
      "types", types.release(), "vicinity", json_text(vicinity_of(place)).release()));
}

SearchAnswer answer(const json_t* json) {
  return {.http_status = 200, .body = dump_json(json, 3, " : ") + "\n"};
}

SearchAnswer refuse(const Refusal& refusal) {
  const OwnedJson json(json_pack("{s:o, s:[], s:[], s:o}", "error_message",
                                 json_text(refusal.message).release(), "html_attributions",
                                 "results", "status", json_text(refusal.status).release()));
  return answer(json.get());
}

}  // namespace

std::vector<std::string_view> types_of(std::string_view feature_code) {
  if (feature_code == "PPLX") return {"neighborhood", "political"};
  if (feature_code.substr(0, 3) == "PPL" || feature_code == "STLMT") {
    return {"locality", "political"};
  }
  return {"point_of_interest", "establishment"};
}

SearchAnswer nearby_search(const PlaceIndex& index, const SearchConfig& config,
                           const std::vector<QueryParameter>& parameters) {
  const Parameters given(parameters);
  if (!config.key.empty() && given.text("key") != config.key) {
    return refuse({"REQUEST_DENIED", given.find("key") == nullptr
                                         ? "key: missing (this service needs an API key)"
                                         : "key: not one that this service knows"});
  }
  const auto read = read_search(given, config.now);
  if (!read) return refuse(read.error());
  const Search& search = *read;

  std::vector<NearPlace> found;
  if (!search.nothing) found = index.within(search.center, search.radius_m, search.order);
  const std::string words = lower(search.keywords);
  if (!search.type.empty() || !words.empty()) {
    std::erase_if(found,
                  [&](const NearPlace& near) { return !matches(*near.place, search.type, words); });
  }
  const std::size_t total = std::min(found.size(), kMaxResults);
  const std::size_t end = std::min(search.offset + kPageSize, total);

  const OwnedJson json(json_object());
  OwnedJson attributions(json_array());
  for (const std::string& each : index.data().attributions) {
    add(attributions.get(), each);
  }
  put(json.get(), "html_attributions", std::move(attributions));
  if (end < total) {
    put(json.get(), "next_page_token", write_token(search, end, config.now));
  }
  OwnedJson results(json_array());
  for (std::size_t i = search.offset; i < end; ++i) {
    add(results.get(), result_json(*found[i].place));
  }
  const bool any = json_array_size(results.get()) > 0;
  put(json.get(), "results", std::move(results));
  put(json.get(), "status", any ? "OK" : "ZERO_RESULTS");
  return answer(json.get());
}

SearchAnswer over_query_limit() {
  return refuse({"OVER_QUERY_LIMIT", "You have exceeded your request quota for this service."});
}

}  // namespace sim
