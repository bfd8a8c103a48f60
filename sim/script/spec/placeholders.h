// Placeholders in an external herd's command and environment: words in braces, as `{port}` or
// `{port:Ball}`. Their values are known only when the herd's servers start.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct Placeholder {
  std::string_view name;      // for example `port`
  std::string_view argument;  // behind the colon, for example `Ball`; empty if there is none
};

// Returns the placeholders of a text, in order. A placeholder is a lower-case word in braces, with
// or without an argument. Other braces are text.
std::vector<Placeholder> placeholders_in(std::string_view text);

// Returns `text` with each placeholder replaced by the result of `value_of`.
std::string fill_in(std::string_view text,
                    const std::function<std::string(const Placeholder&)>& value_of);

}  // namespace sim
