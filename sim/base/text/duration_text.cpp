#include "sim/base/text/duration_text.h"

#include <cstdint>

namespace sim {

std::string long_duration_text(herd::PosixNs later, herd::PosixNs earlier) {
  struct Unit {
    const char* name;
    double seconds;
  };
  constexpr Unit kUnits[] = {
      {"s", 1}, {"minutes", 60}, {"hours", 3600}, {"days", 86'400}, {"years", 31'557'600}};
  // The difference of any two times fits into 64 bits without a sign.
  const std::uint64_t ns = static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
  const double seconds = static_cast<double>(ns) / 1e9;
  const Unit* unit = kUnits;
  for (const Unit& each : kUnits) {
    if (seconds >= each.seconds) unit = &each;
  }
  return fmt::format("{:.1f} {}", seconds / unit->seconds, unit->name);
}

}  // namespace sim
