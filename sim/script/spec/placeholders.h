// Words in braces in an external herd's command and environment, as `{port}` or `{port:Ball}`,
// which stand for what is known only when its servers are started.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct Placeholder {
  std::string_view name;      // as `port`
  std::string_view argument;  // behind a colon, as `Ball`; empty where there is none
};

// What stands in braces is one where it is a lower-case word, with or without an argument; other
// braces are text.
std::vector<Placeholder> placeholders_in(std::string_view text);

// `text` with each placeholder replaced by what `value_of` says.
std::string fill_in(std::string_view text,
                    const std::function<std::string(const Placeholder&)>& value_of);

}  // namespace sim
