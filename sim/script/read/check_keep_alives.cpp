#include "sim/script/read/check_keep_alives.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <variant>

#include "sim/script/read/read_keep_alive.h"

namespace sim {
namespace {

Duration round_trip(const TwoWayConditions& conditions) {
  return conditions.forward.latency + conditions.backward.latency;
}

// The round trips of a herd's links while the script goes on.
class RoundTrips {
 public:
  RoundTrips(const HerdSpec& spec, const HerdNames& names)
      : names_(names), usual_(spec.link), others_(spec.override_of) {}

  // Returns the longest round trip among the links that the event changes.
  Duration change(const SetLinkEvent& set) {
    if (!set.link) {
      set.change.apply_to(usual_);
      Duration longest = round_trip(usual_);
      for (auto& [link, conditions] : others_) {
        set.change.apply_to(conditions);
        longest = std::max(longest, round_trip(conditions));
      }
      return longest;
    }
    const auto first = names_.server(set.link->first), second = names_.server(set.link->second);
    const auto link = first && second ? names_.link(*first, *second) : std::nullopt;
    if (!link) return Duration(0);  // a problem already
    TwoWayConditions& conditions = others_.try_emplace(*link, usual_).first->second;
    (*first > *second ? set.change.turned_round() : set.change).apply_to(conditions);
    return round_trip(conditions);
  }

 private:
  const HerdNames& names_;
  TwoWayConditions usual_;
  std::unordered_map<std::uint32_t, TwoWayConditions> others_;  // by link
};

void check_herd(const JsonNode& node, const std::vector<Event>& events, std::uint32_t herd,
                const HerdNames& names, HerdRead& read, Problems& problems) {
  HerdSpec& spec = read.spec;
  RoundTrips round_trips(spec, names);
  for (const Event& event : events) {
    const auto* const set = std::get_if<SetLinkEvent>(&event.action);
    if (set == nullptr || !event.concerns(herd)) continue;
    const Duration longest = round_trips.change(*set);
    spec.set_round_trip = std::max(spec.set_round_trip, longest);
    if (!read.keep_alive_is_set || !spec.keep_alive) continue;
    const Duration most = spec.keep_alive->timeout - spec.keep_alive->every;
    if (longest < most) continue;
    problems.add(
        node.item_path(event.place),
        fmt::format("makes a link slower than the \"keepalive\" of herd {} allows: it would be "
                    "closed, and never come up again",
                    quoted(spec.name)),
        fmt::format("latencies that add up, there and back, to less than {} ms (\"timeout\" less "
                    "\"every\")",
                    std::chrono::duration<double, std::milli>(most).count()));
    return;
  }
  if (!read.keep_alive_is_set && spec.keep_alive) {
    spec.keep_alive = default_keep_alive(std::max(longest_round_trip(spec), spec.set_round_trip));
  }
}

}  // namespace

void check_keep_alives(const JsonNode& node, const std::vector<Event>& events, const Names& names,
                       std::vector<HerdRead>& herds, Problems& problems) {
  for (std::uint32_t h = 0; h < herds.size(); ++h) {
    if (herds[h].spec.external || herds[h].spec.central) continue;
    check_herd(node, events, h, names.herds[h], herds[h], problems);
  }
}

}  // namespace sim
