#include "sim/script/read/check_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/geodesy.h"
#include "sim/script/spec/geo_area.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

// Returns about the number of times of a schedule within a duration.
double times_of(const UpdateSchedule& schedule, Duration duration) {
  const double length = seconds(duration);
  if (!schedule.ramp) return schedule.period.count() > 0 ? length / seconds(schedule.period) : 0;
  const auto& [from, to, over] = *schedule.ramp;
  const double over_s = seconds(over);
  const double ramped_s = std::min(length, over_s);
  const double reached = from + (to - from) * ramped_s / over_s;
  return (from + reached) / 2 * ramped_s + to * (length - ramped_s);
}

template <class Schedule>
double times_of(const std::optional<Schedule>& schedule, Duration duration) {
  return schedule ? times_of(*schedule, duration) : 0;
}

double times_of(const std::optional<QuerySchedule>& queries, Duration duration) {
  return queries ? times_of(queries->times, duration) : 0;
}

// Returns about the number of legs of one member's way.
struct CountLegs {
  double length_s;

  double operator()(const StillMobility&) const { return 0; }
  double operator()(const TraceMobility&) const { return 0; }  // it is in memory already
  double operator()(const WaypointMobility& walk) const {
    const auto points = static_cast<double>(walk.points.size());
    if (!walk.loop || walk.points.size() < 2) return points;
    double round_m = 0;
    for (std::size_t i = 0; i < walk.points.size(); ++i) {
      round_m += herd::distance_m(walk.points[i], walk.points[(i + 1) % walk.points.size()]);
    }
    return points * std::max(1.0, length_s * walk.speed_mps / std::max(round_m, 1e-3));
  }
  double operator()(const RandomWaypointMobility& walk) const {
    const double way_m = std::max(height_m(walk.area), width_m(walk.area)) / 3;
    return 2 * length_s / (way_m / walk.speed_mps.max + mean(walk.pause));
  }
  double operator()(const GaussMarkovMobility& walk) const { return length_s / seconds(walk.step); }
  double operator()(const LevyWalkMobility& walk) const {
    return 2 * length_s / (walk.flight_m.min / walk.speed_mps + seconds(walk.pause.min));
  }

  static double mean(const Range<Duration>& range) {
    return (seconds(range.min) + seconds(range.max)) / 2;
  }
};

double handovers_of(const ClientGroup& group, Duration duration) {
  if (std::holds_alternative<NearestServer>(group.server)) {
    return seconds(duration) / std::max(seconds(group.handover.check), 1e-9);
  }
  return times_of(group.handover.times, duration);
}

// Returns about the number of actions that an event plans in a herd.
struct CountFaults {
  const HerdSpec& herd;

  double links() const { return static_cast<double>(herd.links.size()); }
  double servers() const { return static_cast<double>(herd.servers.size()); }

  template <class E>
  double operator()(const E& /*event*/) const {
    return 1;
  }
  double operator()(const BurstEvent& burst) const {
    return static_cast<double>(burst.updates) + burst.clients;
  }
  double operator()(const LinkDownEvent& down) const { return down.links > 0 ? down.links : 1; }
  double operator()(const LinkUpEvent& up) const { return up.first.empty() ? links() : 1; }
  double operator()(const PartitionEvent&) const { return 2 * links(); }
  double operator()(const SetLinkEvent& set) const { return set.link ? 1 : links(); }
  double operator()(const FlapEvent& flap) const {
    return 2 * seconds(flap.over) / seconds(flap.up + flap.down);
  }
  double operator()(const ChaosEvent& chaos) const {
    double all = 0;
    for (const ChaosKindInfo& each : kChaosKinds) {
      const std::optional<Duration>& mean = chaos.*each.mean;
      if (!mean) continue;
      const bool of_all = each.kind == ChaosKind::kPartition;
      all += seconds(chaos.over) / seconds(*mean) * (of_all ? 2 * links() + servers() : 2);
    }
    return all;
  }
};

}  // namespace

void SizeCheck::add(const ClientGroup& group, std::size_t herds, Duration duration) {
  const double before = most_;
  const auto of_herds = static_cast<double>(herds);
  const double members = of_herds * group.count;
  count("", members);
  count(".updates", members * times_of(group.updates, duration));
  count(".queries", members * times_of(group.queries, duration));
  // A look for a nearer server takes time and leaves nothing; a leg takes less than an action.
  constexpr double kOfLook = 0.01, kOfLeg = 0.25;
  const bool looks = std::holds_alternative<NearestServer>(group.server);
  count(".handover", members * handovers_of(group, duration) * (looks ? kOfLook : 1));
  // Members that go from point to point share their way.
  const bool share = std::holds_alternative<WaypointMobility>(group.mobility);
  count(".mobility", (share ? of_herds : members) * kOfLeg *
                         std::visit(CountLegs{seconds(duration)}, group.mobility));
  if (most_ > before) most_path_.insert(0, "clients." + std::to_string(groups_));
  ++groups_;
}

void SizeCheck::finish(const Scenario& scenario, Problems& problems) {
  double events = 0;
  for (const Event& event : scenario.events) {
    for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
      if (event.concerns(h)) events += std::visit(CountFaults{scenario.herds[h]}, event.action);
    }
  }
  count("events", events);
  if (all_ <= kMaxPlanned) return;
  const std::string of_all =
      most_ <= kMaxPlanned ? fmt::format(" of about {:.3g}", all_) : std::string();
  problems.add(
      most_path_,
      fmt::format("plans too much: it takes the room of about {:.3g} actions{}", most_, of_all),
      fmt::format("at most {:.0f} actions of clients, and faults, in all herds together",
                  kMaxPlanned));
}

// Adds to the total. The part that makes the most is remembered by its path.
void SizeCheck::count(std::string_view path, double number) {
  all_ += number;
  if (number <= most_) return;
  most_ = number;
  most_path_ = path;
}

}  // namespace sim
