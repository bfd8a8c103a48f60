#include "sim/worlds/places/places_summary.h"

#include "sim/base/json/check_json.h"
#include "sim/worlds/places/json_scan.h"

namespace sim {

PlacesSummary summarize_places(std::string_view json) {
  PlacesSummary out;
  if (find_json_fault(json)) return out;
  const auto members = json_members(json);
  const JsonMember* const status = find_member(members, "status");
  const JsonMember* const results = find_member(members, "results");
  if (status == nullptr || json[status->value.begin] != '"') return out;
  if (results == nullptr || json[results->value.begin] != '[') return out;
  out.well_formed = true;
  out.status = json_string_text(status->value.in(json));
  out.places = json_elements(json, results->value.begin).size();
  return out;
}

}  // namespace sim
