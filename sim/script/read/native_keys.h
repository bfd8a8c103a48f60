// The keys of a herd that are about our own servers, so that a herd of another program cannot have
// them.
#pragma once

#include <array>
#include <string_view>

namespace sim {

inline constexpr std::array<std::string_view, 11> kNativeKeys = {
    "batch",        "outbox", "recovery", "order",       "max_ahead", "keepalive",
    "service_time", "wire",   "loops",    "max_records", "max_bytes"};
// Those about links, which it can have if its links run through us.
inline constexpr std::array<std::string_view, 2> kLinkKeys = {"link", "link_overrides"};

}  // namespace sim
