// What figures mean, in words: for the table that a run prints and for its page.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/time.h"

namespace sim {

// A script that is played later than this, at the 99th percentile, is worth a warning.
inline constexpr herd::Duration kLagWorthTelling = std::chrono::milliseconds(1);

// Returns what a late script means: which figures cannot be trusted, which can, and what to do.
// `p99`, `worst`: how late the clients' actions were.
std::string late_script_words(herd::Duration p99, herd::Duration worst);

// Returns a share in percent, rounded: "34 %". Only none is "0 %" and only all is "100 %"; other
// shares near them are "<1 %" and ">99 %". Precondition: 0 <= part <= whole, whole > 0.
std::string share_words(std::uint64_t part, std::uint64_t whole);

// Returns what became of the accepted updates, of which there must be some, as "fully delivered
// 66 %, superseded on the way 34 %, never 0 %". The others of `accepted` were never delivered.
std::string delivery_words(std::uint64_t accepted, std::uint64_t covered, std::uint64_t superseded);

}  // namespace sim
