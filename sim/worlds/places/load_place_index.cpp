#include "sim/worlds/places/load_place_index.h"

#include <cassert>
#include <utility>

#include "sim/worlds/places/built_in_places.h"
#include "sim/worlds/places/place_data.h"

namespace sim {
namespace {

herd::Result<std::shared_ptr<const PlaceIndex>, Error> index_of(
    herd::Result<PlaceData, PlaceErrors> data) {
  if (data) return std::make_shared<const PlaceIndex>(std::move(*data));
  std::string lines;
  for (const std::string& line : data.error()) lines += (lines.empty() ? "" : "\n") + line;
  return Error{lines};
}

}  // namespace

herd::Result<std::shared_ptr<const PlaceIndex>, Error> load_place_index(const std::string& file) {
  if (file.empty()) return built_in_place_index();
  return index_of(load_places(file));
}

herd::Result<std::shared_ptr<const PlaceIndex>, Error> load_named_place_index(
    const std::string& file) {
  if (file.empty()) return built_in_place_index();
  return index_of(load_named_places(file));
}

std::shared_ptr<const PlaceIndex> built_in_place_index() {
  // Immutable, and the same for every run: only the making of it is shared.
  static const auto index = [] {
    auto data = parse_places_csv(built_in_places_csv(), "built-in places");
    assert(data.ok());  // a test holds the file to it
    return std::make_shared<const PlaceIndex>(std::move(*data));
  }();
  return index;
}

}  // namespace sim
