// How servers catch up with what they missed while a link or they themselves were down.
#pragma once

#include <optional>
#include <string_view>

namespace herd {

enum class Recovery {
  kNone,  // not at all: the paper's
  kSync,  // when a link comes up its ends find out what each lacks, and send just that
};

// As scenario files and CSV name it.
std::string_view to_string(Recovery recovery);
std::optional<Recovery> recovery_from(std::string_view name);

}  // namespace herd
