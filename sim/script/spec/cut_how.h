// How a link is cut.
#pragma once

#include <array>
#include <cstddef>
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

// The directions of a link in which a blackhole lets nothing through. Forward is from the link's
// first server to its second.
enum class CutWays { kBoth, kForward, kBackward };

// The words of scenarios and CSV files, indexed by CutWays.
inline constexpr std::array<std::string_view, 3> kCutWays = {"both", "forward", "backward"};

constexpr std::string_view name_of(CutWays ways) {
  return kCutWays[static_cast<std::size_t>(ways)];
}

constexpr CutWays turned_round(CutWays ways) {
  if (ways == CutWays::kBoth) return ways;
  return ways == CutWays::kForward ? CutWays::kBackward : CutWays::kForward;
}

}  // namespace sim
