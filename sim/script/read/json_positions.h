// Where the values of a JSON text stand: jansson keeps no line of a value.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace sim {

class JsonPositions {
 public:
  // `text` must be JSON (whatever else it is, the scan ends, and finds what it finds).
  explicit JsonPositions(std::string_view text);

  // The line, from 1, of the value at a dotted path (`herds.0.propagation`; "" is the whole text):
  // where its key is, or in a list where it begins. Where the text has no such value, that of the
  // nearest value around it.
  int line_of(std::string_view path) const;

 private:
  std::unordered_map<std::string, int> lines_;
};

}  // namespace sim
