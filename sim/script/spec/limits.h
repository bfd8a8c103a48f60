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
inline constexpr std::size_t kMaxScenarioBytes = 16U << 20U;  // of the file
inline constexpr std::size_t kMaxDataBytes = 256U << 20U;     // of a file that a scenario names
inline constexpr std::size_t kMaxNesting = 100;               // of its lists and objects
inline constexpr std::int64_t kMaxHerds = 1'000;
inline constexpr std::int64_t kMaxServers = 1'000'000;  // of all herds together
inline constexpr std::int64_t kMaxLoops = 64;           // of a herd
inline constexpr std::uint64_t kMaxLinks = 5'000'000;   // of all herds together
// Random graphs take longer to make than others. This limits the sum over all herds of links times
// (10 + links of each server).
inline constexpr std::uint64_t kMaxRegularWork = 20'000'000;
inline constexpr std::int64_t kMaxClients = 1'000'000;  // of all groups together, and of a burst
inline constexpr std::size_t kMaxIdBytes = 64U << 20U;  // of all clients' ids together
// What is planned before a run: clients, their actions and the legs of their ways, and faults; of
// all herds together. It takes about 150 bytes each.
inline constexpr double kMaxPlanned = 12'000'000;
inline constexpr std::size_t kMaxPatternBytes = 1'000;  // of a regular expression
inline constexpr std::int64_t kMaxBurstUpdates = 10'000'000;
inline constexpr std::int64_t kMaxRecordsOfServer = 100'000'000;
inline constexpr std::int64_t kMinBytesOfServer = std::int64_t{16} << 10;  // some longest lines
inline constexpr std::int64_t kMaxBytesOfServer = std::int64_t{1} << 40;
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
