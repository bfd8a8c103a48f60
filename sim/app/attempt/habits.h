// The habits of a herd in its talk with clients, as `herdsim try` finds them out.
#pragma once

#include <jansson.h>

#include <string>

#include "sim/script/spec/engine_spec.h"

namespace sim {

struct Habits {
  LinkUse links = LinkUse::kPersistent;
  Dialect dialect;
  // Whether the server answered anything at all in some dialect.
  bool answers = true;
  // If not: the last bytes that came instead; empty if none came.
  std::string heard;
};

// Adds the keys of a scenario's `engine` object that are not the defaults.
void add_habits(json_t* engine, const Habits& habits);

}  // namespace sim
