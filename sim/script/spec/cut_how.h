// How a link is cut.
#pragma once

#include <array>
#include <string_view>

namespace sim {

enum class CutHow {
  kClose,      // its connection is closed
  kReset,      // its connection is reset (RST)
  kBlackhole,  // no message gets through any more, and neither endpoint is told
};

// The words of scenarios and CSV files, indexed by CutHow.
inline constexpr std::array<std::string_view, 3> kCutHows = {"close", "reset", "blackhole"};

constexpr std::string_view name_of(CutHow how) { return kCutHows[static_cast<std::size_t>(how)]; }

}  // namespace sim
