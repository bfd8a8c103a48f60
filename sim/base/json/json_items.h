// The items of a list that are made one at a time, so that the whole list is never in memory.
#pragma once

#include <jansson.h>

#include <cstddef>

namespace sim {

class JsonItems {
 public:
  virtual ~JsonItems() = default;

  virtual std::size_t size() const = 0;
  // Returns item `i`, which is below size(); never null. It is valid until the next call.
  virtual json_t* item(std::size_t i) = 0;
};

}  // namespace sim
