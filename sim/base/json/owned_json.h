// A jansson value that its owner releases automatically.
#pragma once

#include <jansson.h>

#include <memory>

namespace sim {

struct JsonRelease {
  void operator()(json_t* value) const { json_decref(value); }
};
using OwnedJson = std::unique_ptr<json_t, JsonRelease>;

}  // namespace sim
