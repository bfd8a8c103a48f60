// Finds the lines of the values of a JSON text, which jansson does not keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sim {

// Takes memory in proportion to the number of values, however long their keys are.
class JsonPositions {
 public:
  // `text` must be JSON. With any other text the scan ends too, and finds some lines.
  explicit JsonPositions(std::string_view text);

  // Returns the line, from 1, of the value at a dotted path (`herds.0.propagation`; "" is the whole
  // text): the line of its key, or of its beginning if it is in a list. If the text has no such
  // value, returns the line of the nearest value around it.
  int line_of(std::string_view path) const;

  // For the scan: adds a value inside another and returns it. The whole text is value 0.
  std::uint32_t add(std::uint32_t parent, std::string_view name, int line);
  void set_first_line(int line) { lines_[0] = line; }

 private:
  // A value is found by the one around it and its name; the hash stands for the name.
  struct Name {
    std::uint32_t parent = 0;
    std::size_t hash = 0;
    bool operator==(const Name&) const = default;
  };
  struct HashName {
    std::size_t operator()(const Name& name) const {
      return name.hash ^ std::size_t{name.parent} * 0x9e3779b9U;
    }
  };

  std::vector<int> lines_ = {1};
  std::unordered_map<Name, std::uint32_t, HashName> values_;
};

}  // namespace sim
