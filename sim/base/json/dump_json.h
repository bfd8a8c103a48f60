// Writes JSON text. jansson's own json_dumps() writes all reals with one precision, so that 0.1
// becomes 0.10000000000000001 or 0.12345678901234567 loses digits.
#pragma once

#include <jansson.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/json/json_items.h"

namespace sim {

// Returns `value`, which may be any JSON, as text without a newline at its end. Each level of an
// array or object is indented by `indent` spaces more; 0 puts everything on one line without
// spaces. Reals are written by append_real(), with ".0" behind a whole one: it reads back as a
// real. `colon` stands between a name and its value if there are several lines. Returns "" if
// `value` is null.
std::string dump_json(const json_t* value, std::size_t indent, std::string_view colon = ": ");

// A list of a value's tree that is empty there, and its items.
struct ListWithItems {
  const json_t* list = nullptr;
  JsonItems* items = nullptr;
};
// The same for a value that has such lists.
std::string dump_json(const json_t* value, std::size_t indent,
                      const std::vector<ListWithItems>& lists);

}  // namespace sim
