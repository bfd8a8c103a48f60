// Upper limits for sweeps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sim {

inline constexpr std::int64_t kMaxSweepPoints = 100'000;
inline constexpr std::size_t kMaxSweptKeys = 64;
inline constexpr std::size_t kMaxSweptPath = 1'000;  // characters of a key's path
inline constexpr unsigned kMaxJobs = 1024;           // points in parallel

}  // namespace sim
