// Questions to our own Places: the words of a herd's server, and any query string.
//
// The first line is a location, the others are parameters, NAME=VALUE.
#include <string>
#include <vector>

#include "core/fields.h"
#include "sim/worlds/places/nearby_search.h"
#include "sim/worlds/places/places_query.h"
#include "sim/worlds/places/places_summary.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

const sim::PlaceIndex& places() {
  static const sim::PlaceIndex index([] {
    sim::PlaceData data;
    data.attributions = {"<b>nobody</b>"};
    for (int i = 0; i < 90; ++i) {
      sim::Place place;
      place.place_id = "p:" + std::to_string(i);
      place.name = i % 7 == 0 ? "caf\xc3\xa9 \"" + std::to_string(i) + "\"" : std::to_string(i);
      place.feature_code = i % 2 == 0 ? "PPL" : "PPLC";
      place.population = 1'000 * (i % 10);
      place.at = {34 + 0.01 * (i % 10), -118 + 0.01 * (i % 9)};
      data.places.push_back(place);
    }
    return data;
  }());
  return index;
}

}  // namespace

void one_input(std::string_view input) {
  const std::string location(take_line_of(input));
  for (const double radius : {0.0001, 10.0, 50.0}) {
    const auto query = sim::nearby_query(location, radius);
    require(query.has_value() == herd::scan_location(location).has_value(),
            "a question can be put for every location", location);
    require(!query || query->find_first_of(" +\r\n#") == std::string::npos, "it is a query string",
            query.value_or(""));
  }
  std::vector<sim::QueryParameter> parameters;
  while (!input.empty()) {
    const std::string_view line = take_line_of(input);
    const std::size_t split = std::min(line.find('='), line.size());
    parameters.push_back({std::string(line.substr(0, split)),
                          std::string(line.substr(std::min(split + 1, line.size())))});
  }
  const sim::SearchAnswer answer = sim::nearby_search(places(), {}, parameters);
  require(answer.http_status == 200, "Google's status");
  const sim::PlacesSummary read = sim::summarize_places(answer.body);
  require(read.well_formed && !read.status.empty(), "an answer is Places JSON", answer.body);
  require(read.places <= sim::kPageSize, "a page is not longer than Google's");
}

}  // namespace herd::fuzz
