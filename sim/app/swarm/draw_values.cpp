#include "sim/app/swarm/draw_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/base/json/make_json.h"

namespace sim {

std::string draw_location(Dice& dice) {
  const std::int64_t latitude = dice.between(34'000'000, 34'200'000);
  const std::int64_t longitude = dice.between(118'300'000, 118'600'000);
  return fmt::format("+{}.{:06}-{}.{:06}", latitude / 1'000'000, latitude % 1'000'000,
                     longitude / 1'000'000, longitude % 1'000'000);
}

OwnedJson draw_skew(Dice& dice) {
  const std::string offset = fmt::format("{}ms", dice.between(-2'000, 2'000));
  if (dice.chance(60)) return json_text(offset);
  OwnedJson skew(json_object());
  put(skew.get(), "offset", offset);
  put(skew.get(), "drift", fmt::format("{}ppm", dice.between(-100'000, 100'000)));
  return skew;
}

std::string draw_odd_prefix(Dice& dice) {
  const std::string longest(59, 'S');  // leaves room for four digits
  return dice.one_of<std::string>({"-", ".", "_", "-.-", "S..", "0", "s-_", longest + "-"});
}

std::string draw_long_text(Dice& dice) {
  return std::string(static_cast<std::size_t>(dice.between(7'900, 8'200)), 'k');
}

OwnedJson draw_times(Dice& dice, double per_s, std::int64_t duration_ms) {
  // A rate that is not a whole number per second may still be one per hour.
  const auto per_hour = std::max<std::int64_t>(1, std::llround(per_s * 3600));
  const std::string rate = fmt::format("{}/h", per_hour);
  const auto roll = dice.between(1, 100);
  if (roll <= 40) return json_text(rate);
  OwnedJson times(json_object());
  if (roll <= 55) {
    put(times.get(), "from", dice.chance(50) ? rate : "0/s");
    put(times.get(), "to", fmt::format("{}/h", 2 * per_hour));
    if (dice.chance(50)) {
      put(times.get(), "over", fmt::format("{}ms", dice.between(1, duration_ms)));
    }
  } else if (roll <= 70) {
    put(times.get(), "every",
        fmt::format("{}us", std::max<std::int64_t>(1, 3'600'000'000 / per_hour)));
  } else {
    put(times.get(), "rate", rate);
  }
  if (dice.chance(40)) put(times.get(), "arrivals", dice.one_of({"steady", "poisson"}));
  return times;
}

}  // namespace sim
