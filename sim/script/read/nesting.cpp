#include "sim/script/read/nesting.h"

namespace sim {

bool is_flat(const json_t* value, std::size_t levels) {
  if (!json_is_object(value) && !json_is_array(value)) return true;
  if (levels == 0) return false;
  for (std::size_t i = 0; i < json_array_size(value); ++i) {
    if (!is_flat(json_array_get(value, i), levels - 1)) return false;
  }
  // jansson's iterators take an object that is not const, and do not change it.
  auto* const object = const_cast<json_t*>(value);
  for (void* at = json_object_iter(object); at != nullptr; at = json_object_iter_next(object, at)) {
    if (!is_flat(json_object_iter_value(at), levels - 1)) return false;
  }
  return true;
}

}  // namespace sim
