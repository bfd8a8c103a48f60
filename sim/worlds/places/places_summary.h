// The part of a Places answer that a client reads: enough to count it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

struct PlacesSummary {
  bool well_formed = false;  // a JSON object with a string `status` and an array `results`
  std::string status;
  std::optional<std::uint64_t> places;
};

PlacesSummary summarize_places(std::string_view json);

}  // namespace sim
