#include "sim/script/plan/schedule_times.h"

#include <algorithm>
#include <cmath>

namespace sim {

Duration fraction_of(Duration whole, std::uint64_t i, std::uint64_t n) {
  const auto ns = static_cast<std::uint64_t>(whole.count());
  return Duration(static_cast<std::int64_t>(ns / n * i + ns % n * i / n));
}

std::optional<double> ramp_reaches(const Ramp& ramp, double count) {
  if (count <= 0) return 0;
  const double over_s = std::chrono::duration<double>(ramp.over).count();
  const double from = ramp.from_per_s;
  const double to = ramp.to_per_s;
  const double at_end = (from + to) / 2 * over_s;
  if (count >= at_end) {
    if (to > 0) return over_s + (count - at_end) / to;
    return count > at_end ? std::nullopt : std::optional(over_s);
  }
  // Solves from·t + (to - from)·t²/(2·over) = count with the form of the root that has no
  // subtraction, so equal rates work too. Before the end of the ramp the square is between those of
  // both rates.
  const double square = from * from + 2 * (to - from) / over_s * count;
  return 2 * count / (from + std::sqrt(std::max(square, std::min(from, to) * std::min(from, to))));
}

ScheduleTimes::ScheduleTimes(const UpdateSchedule& schedule, std::uint32_t n, std::uint32_t count,
                             herd::Random random)
    : schedule_(schedule),
      random_(random),
      at_(fraction_of(schedule.period, n, count)),
      offset_(static_cast<double>(n) / count) {}

std::optional<Duration> ScheduleTimes::next() {
  if (schedule_.ramp) return next_of_ramp();
  const Duration at = at_;
  at_ += schedule_.arrivals == Arrivals::kPoisson ? random_.exponential(schedule_.period)
                                                  : schedule_.period;
  return at;
}

std::optional<Duration> ScheduleTimes::next_of_ramp() {
  const auto at_s = ramp_reaches(*schedule_.ramp, offset_ + steps_);
  // Later times, beyond any scenario's duration, would overflow the nanoseconds.
  constexpr double kLastS = 9e9;
  if (!at_s || *at_s > kLastS) return std::nullopt;
  steps_ += schedule_.arrivals == Arrivals::kPoisson ? -std::log1p(-random_.uniform()) : 1;
  return Duration(std::llround(*at_s * 1e9));
}

}  // namespace sim
