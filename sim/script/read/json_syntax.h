// Says what is wrong with a text that is not JSON.
#pragma once

#include <jansson.h>

#include <string>
#include <string_view>

namespace sim {

struct JsonMistake {
  int line = 1;       // from 1
  int column = 1;     // from 1, in characters
  std::string wrong;  // as `has a comment`
  std::string right;  // may be empty
};

// `error` is what jansson said of the text. Knows the habits of JSON's relatives: comments, commas
// before an end, single quotes, NaN; else it repeats jansson's words.
JsonMistake find_json_mistake(std::string_view text, const json_error_t& error);

}  // namespace sim
