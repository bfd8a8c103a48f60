// A file of places, as CSV or as GeoJSON: it is refused in words, or each place is one.
#include <cmath>

#include "sim/base/text/utf8.h"
#include "sim/worlds/places/place_data.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

void check(const herd::Result<sim::PlaceData, sim::PlaceErrors>& data) {
  if (!data) {
    require(!data.error().empty(), "a refusal has a reason");
    for (const std::string& each : data.error()) {
      require(each.starts_with("places") && each.find('\n') == std::string::npos,
              "an error names its file in one line", each);
    }
    return;
  }
  for (const sim::Place& place : data->places) {
    require(!place.name.empty() && !place.place_id.empty(), "a place has a name and an id");
    require(sim::valid_utf8(place.name), "a name is UTF-8", place.name);
    require(std::abs(place.at.lat) <= 90 && std::abs(place.at.lon) <= 180,
            "a place is on the Earth", place.name);
  }
}

}  // namespace

void one_input(std::string_view input) {
  check(sim::parse_places_csv(input, "places"));
  check(sim::parse_places_geojson(input, "places"));
}

}  // namespace herd::fuzz
