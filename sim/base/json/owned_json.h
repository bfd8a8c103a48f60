// A jansson value that is released with its owner.
#pragma once

#include <jansson.h>

#include <memory>

namespace sim {

struct JsonRelease {
  void operator()(json_t* value) const { json_decref(value); }
};
using OwnedJson = std::unique_ptr<json_t, JsonRelease>;

}  // namespace sim
