// Finds the lines of the values of a JSON text, which jansson does not keep.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace sim {

class JsonPositions {
 public:
  // `text` must be JSON. With any other text the scan ends too, and finds some lines.
  explicit JsonPositions(std::string_view text);

  // Returns the line, from 1, of the value at a dotted path (`herds.0.propagation`; "" is the whole
  // text): the line of its key, or of its beginning if it is in a list. If the text has no such
  // value, returns the line of the nearest value around it.
  int line_of(std::string_view path) const;

 private:
  std::unordered_map<std::string, int> lines_;
};

}  // namespace sim
