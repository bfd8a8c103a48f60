// Times in nanoseconds, as uv_hrtime() tells them.
#pragma once

#include <cstdint>

namespace sim {

inline constexpr std::uint64_t kMs = 1'000'000;

}  // namespace sim
