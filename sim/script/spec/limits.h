// The largest and smallest numbers that a scenario may ask for. They keep a typing error from
// overloading the machine. The schema and scenarios/README.md repeat them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/time.h"

namespace sim {

// The name is a folder's name; leaves room for a suffix.
inline constexpr std::size_t kMaxScenarioName = 200;
// The largest integer of the JSON library.
inline constexpr std::int64_t kMaxSeed = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kMaxServers = 1'000'000;  // of a herd
inline constexpr std::int64_t kMaxLoops = 64;           // of a herd
inline constexpr std::uint64_t kMaxLinks = 5'000'000;   // of a herd
inline constexpr std::int64_t kMaxClients = 1'000'000;  // of all groups together, and of a burst
inline constexpr std::int64_t kMaxBurstUpdates = 10'000'000;
inline constexpr std::int64_t kMaxQueryBound = 20;  // the limit of WHATSAT itself
inline constexpr std::int64_t kMaxPlacesQuota = 1'000'000'000;
inline constexpr std::int64_t kMaxPort = 65'535;
inline constexpr double kMaxSpeedMps = 100'000;
inline constexpr herd::Duration kMaxLinkDelay = std::chrono::seconds(60);  // latency, jitter
inline constexpr double kMinBandwidthBps = 1;
inline constexpr double kMaxBandwidthBps = 1e12;
inline constexpr double kMaxLoss = 0.9;
inline constexpr std::int64_t kMaxDriftPpb = 100'000'000;  // either sign: a tenth
// About the largest distance between two points.
inline constexpr double kMaxHysteresisM = 20'000'000;
// The minimum time between two keep-alives, and the minimum mean of a drawn fault time.
inline constexpr herd::Duration kMinKeepAlive = std::chrono::milliseconds(1);
inline constexpr herd::Duration kMinFaultMean = std::chrono::milliseconds(1);
inline constexpr double kMinAreaM = 1;  // of an area's height and width
// A quarter of the Earth's circumference; the limit of a Levy walk's flights.
inline constexpr double kMaxFlightM = 10'000'000;
inline constexpr double kMaxFlightExponent = 3;     // also of its pauses' exponent
inline constexpr double kMaxHeadingDeviation = 10;  // radians
inline constexpr herd::Duration kMaxDuration = std::chrono::hours(8760);  // a year, either sign

}  // namespace sim
