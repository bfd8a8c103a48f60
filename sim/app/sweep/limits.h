// Upper limits for sweeps.
#pragma once

#include <cstdint>

namespace sim {

inline constexpr std::int64_t kMaxSweepPoints = 100'000;
inline constexpr unsigned kMaxJobs = 1024;  // points in parallel

}  // namespace sim
