// The largest and smallest numbers that a scenario may ask for. They keep a slip of the finger from
// taking the machine down; the schema and scenarios/README.md repeat them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/time.h"

namespace sim {

inline constexpr std::size_t kMaxScenarioName = 200;  // a folder's name, and room for more
inline constexpr std::int64_t kMaxSeed = std::numeric_limits<std::int64_t>::max();  // of JSON
inline constexpr std::int64_t kMaxServers = 1'000'000;                              // of a herd
inline constexpr std::int64_t kMaxLoops = 64;                                       // of a herd
inline constexpr std::uint64_t kMaxLinks = 5'000'000;                               // of a herd
inline constexpr std::int64_t kMaxClients = 1'000'000;  // of all groups together, and of a burst
inline constexpr std::int64_t kMaxBurstUpdates = 10'000'000;
inline constexpr std::int64_t kMaxQueryBound = 20;  // WHATSAT's own
inline constexpr std::int64_t kMaxPlacesQuota = 1'000'000'000;
inline constexpr std::int64_t kMaxPort = 65'535;
inline constexpr double kMaxSpeedMps = 100'000;
inline constexpr herd::Duration kMaxLinkDelay = std::chrono::seconds(60);  // latency, jitter
inline constexpr double kMinBandwidthBps = 1;
inline constexpr double kMaxBandwidthBps = 1e12;
inline constexpr double kMaxLoss = 0.9;
inline constexpr std::int64_t kMaxDriftPpb = 100'000'000;  // either way: a tenth
inline constexpr double kMaxHysteresisM = 20'000'000;      // about as far as two points can be
// The least time between two keep-alives, and the least mean of what faults are drawn with.
inline constexpr herd::Duration kMinKeepAlive = std::chrono::milliseconds(1);
inline constexpr herd::Duration kMinFaultMean = std::chrono::milliseconds(1);
inline constexpr double kMinAreaM = 1;              // of an area's height and width
inline constexpr double kMaxFlightM = 10'000'000;   // of a Levy walk: a quarter of the way round
inline constexpr double kMaxFlightExponent = 3;     // and of its pauses' exponent
inline constexpr double kMaxHeadingDeviation = 10;  // radians
inline constexpr herd::Duration kMaxDuration = std::chrono::hours(8760);  // a year, either way

}  // namespace sim
