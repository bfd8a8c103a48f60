// Which statuses of a Places reply are answers. Source: Google's Places API, "Place Search status
// codes".
#pragma once

#include <string_view>

namespace sim {

// Returns true if a reply with this `status` answers the question; any other status is an error.
constexpr bool is_places_answer(std::string_view status) {
  return status == "OK" || status == "ZERO_RESULTS";
}

}  // namespace sim
