// Checks of the values that options are given. A check returns what is wrong with a value, or an
// empty string if it is right; the parser puts the option's name before it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sim {

using OptionCheck = std::function<std::string(const std::string& value)>;

// Takes decimal numbers in [min, max].
OptionCheck whole_number(std::uint64_t min, std::uint64_t max);

// Takes the words of a list, in upper or lower case. Suggests the nearest for any other.
OptionCheck one_of(std::vector<std::string> words);

// Takes anything but an empty value. `what` is for the message: "folder", "file".
OptionCheck name_of(std::string what);

}  // namespace sim
