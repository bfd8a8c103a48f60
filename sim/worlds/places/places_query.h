// How a herd server words its question to Places.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim {

// The query string, without a key, of a Nearby Search around an ISO 6709 location as protocol.md
// restricts it, e.g. location=34.068930,-118.445127&radius=10000. Degrees keep the digits they were
// written with, up to nine decimals (0.1 mm); the radius is in metres, to the millimetre. nullopt
// where the location or the radius, in (0, 50] km, is wrong.
std::optional<std::string> nearby_query(std::string_view location, double radius_km);

}  // namespace sim
