#include "sim/app/cli/option_checks.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "sim/base/text/numbers.h"
#include "sim/script/read/suggest.h"

namespace sim {

OptionCheck whole_number(std::uint64_t min, std::uint64_t max) {
  return [min, max](const std::string& value) -> std::string {
    const auto number = read_whole<std::uint64_t>(value);
    if (number && *number >= min && *number <= max) return "";
    return fmt::format("'{}' is not a whole number from {} to {}", value, min, max);
  };
}

OptionCheck one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& value) -> std::string {
    const std::string lower = CLI::detail::to_lower(value);
    if (std::find(words.begin(), words.end(), lower) != words.end()) return "";
    const auto meant = suggest(lower, words);
    return fmt::format("'{}' is not one of {}{}", value, CLI::detail::join(words, ", "),
                       meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
  };
}

OptionCheck name_of(std::string what) {
  return [what = std::move(what)](const std::string& value) {
    return value.empty() ? fmt::format("is empty (name a {})", what) : std::string();
  };
}

}  // namespace sim
