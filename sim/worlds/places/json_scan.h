// Finds the positions of the parts of a JSON text, so that a part can be cut out, or its line
// named, without writing the rest again. It checks nothing: the text must have passed a real JSON
// parser. (Given other text it still ends and stays within it, but what it finds means nothing.)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// Bytes [begin, end) of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

struct JsonMember {
  std::string name;  // decoded
  TextRange value;   // from its first byte to its last, no white space around it
};

// The members of the object that begins at or after `from`, in the text's order.
std::vector<JsonMember> json_members(std::string_view text, std::size_t from = 0);

// Returns the last member of that name, which is the one that most parsers keep; null if there is
// none.
const JsonMember* find_member(const std::vector<JsonMember>& members, std::string_view name);

// The elements of the array that begins at or after `from`, in order.
std::vector<TextRange> json_elements(std::string_view text, std::size_t from);

// The line breaks (LF) in a text.
std::size_t count_lines(std::string_view text);

}  // namespace sim
