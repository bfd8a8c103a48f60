// The herd of the paper: five servers, linked as one ring.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace sim {

inline constexpr std::array<std::string_view, 5> kPaperServers = {"Alford", "Ball", "Hamilton",
                                                                  "Holiday", "Welsh"};

inline constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPaperLinks = {{
    {"Alford", "Hamilton"},
    {"Alford", "Welsh"},
    {"Ball", "Holiday"},
    {"Ball", "Welsh"},
    {"Hamilton", "Holiday"},
}};

}  // namespace sim
