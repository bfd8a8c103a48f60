#include "sim/worlds/places/places_summary.h"

#include "sim/base/json/parse_json.h"

namespace sim {

PlacesSummary summarize_places(std::string_view json) {
  const OwnedJson root = parse_json(json, JSON_ALLOW_NUL);
  const json_t* const status = json_object_get(root.get(), "status");
  const json_t* const results = json_object_get(root.get(), "results");
  PlacesSummary out;
  if (!json_is_string(status) || !json_is_array(results)) return out;
  out.well_formed = true;
  out.status = string_of(status);
  out.places = json_array_size(results);
  return out;
}

}  // namespace sim
