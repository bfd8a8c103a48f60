#include "sim/app/swarm/expand_faults.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/base/text/duration_text.h"
#include "sim/script/plan/fault_plan.h"

namespace sim {
namespace {

EventKind kind_of_event(const json_t* event) {
  return find_event(string_of(json_object_get(event, "do")))->kind;
}

bool begins_or_ends(EventKind kind) {
  return kind == EventKind::kBegins || kind == EventKind::kEnds;
}

OwnedJson event_of(const HerdSpec& herd, bool only_herd, const PlannedFault& fault) {
  OwnedJson event(json_object());
  put(event.get(), "at", duration_text(fault.at.time_since_epoch()));
  if (!only_herd) put(event.get(), "herd", herd.name);
  put(event.get(), "do", std::string(name_of(fault.what).text()));
  std::visit(
      [&](const auto& each) {
        if constexpr (requires { each.link; }) {
          const LinkSpec link = herd.links[each.link];
          put(event.get(), "link",
              json_pair(herd.servers[link.first].name, herd.servers[link.second].name));
        }
        if constexpr (requires { each.server; }) {
          put(event.get(), "server", herd.servers[each.server].name);
        }
        if constexpr (requires { each.how; }) {
          if (each.how != CutHow::kClose) put(event.get(), "how", std::string(name_of(each.how)));
          if (each.ways != CutWays::kBoth) {
            put(event.get(), "direction", std::string(name_of(each.ways)));
          }
        }
      },
      fault.what);
  return event;
}

}  // namespace

OwnedJson expand_faults(const json_t* root, const Scenario& scenario) {
  const json_t* const events = json_object_get(root, "events");
  bool any = false;
  OwnedJson plain(json_array());
  for (std::size_t i = 0; i < json_array_size(events); ++i) {
    const json_t* const event = json_array_get(events, i);
    const EventKind kind = kind_of_event(event);
    any = any || kind == EventKind::kCompound;
    if (kind != EventKind::kCompound && !begins_or_ends(kind)) add(plain.get(), copy_of(event));
  }
  if (!any) return nullptr;
  // Expand all events together: which of two events cuts a link depends on the other.
  for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
    for (const PlannedFault& fault : plan_faults(scenario, h)) {
      if (!begins_or_ends(name_of(fault.what).kind())) continue;  // its event was kept
      add(plain.get(), event_of(scenario.herds[h], scenario.herds.size() == 1, fault));
    }
  }
  OwnedJson out = copy_of(root);
  put(out.get(), "events", std::move(plain));
  return out;
}

}  // namespace sim
