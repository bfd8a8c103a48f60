// How servers repair what they missed while a link was down or they were down themselves.
#pragma once

#include <optional>
#include <string_view>

namespace herd {

enum class Recovery {
  kNone,  // no recovery; as in the paper
  kSync,  // when a link comes up, its endpoints find and send only the missing records
};

// Returns the name in scenario files and CSV.
std::string_view to_string(Recovery recovery);
std::optional<Recovery> recovery_from(std::string_view name);

}  // namespace herd
