#include "sim/worlds/places/built_in_places.h"

#include <cstddef>

extern "C" {
extern const char herdsim_built_in_places[];
extern const char herdsim_built_in_places_end[];
}

namespace sim {

std::string_view built_in_places_csv() {
  return {herdsim_built_in_places,
          static_cast<std::size_t>(herdsim_built_in_places_end - herdsim_built_in_places)};
}

}  // namespace sim
