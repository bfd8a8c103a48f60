#include "sim/measure/results/human.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sim {

std::string with_separators(std::int64_t value) {
  std::string text = fmt::format("{}", value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string human_duration(herd::Duration value) {
  struct Unit {
    const char* name;
    double ns;
  };
  constexpr Unit kUnits[] = {{"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  if (value.count() == 0) return "0 µs";
  const auto ns = static_cast<double>(value.count());
  // The first unit in which the number is below 1,000 after rounding to three digits.
  const Unit* unit = kUnits;
  while (unit + 1 != std::end(kUnits) && std::abs(ns) / unit->ns >= 999.5) ++unit;
  const double number = ns / unit->ns;
  const double size = std::abs(number);
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", number, decimals, unit->name);
}

}  // namespace sim
