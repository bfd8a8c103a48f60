#include "sim/worlds/places/load_place_index.h"

#include <cassert>
#include <utility>

#include "sim/worlds/places/built_in_places.h"
#include "sim/worlds/places/place_data.h"

namespace sim {

herd::Result<std::shared_ptr<const PlaceIndex>, Error> load_place_index(const std::string& file) {
  if (file.empty()) return built_in_place_index();
  auto data = load_places(file);
  if (data) return std::make_shared<const PlaceIndex>(std::move(*data));
  std::string lines;
  for (const std::string& line : data.error()) lines += (lines.empty() ? "" : "\n") + line;
  return Error{lines};
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
