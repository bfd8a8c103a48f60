#include "sim/app/swarm/expand_faults.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "sim/app/swarm/duration_text.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/plan/fault_plan.h"

namespace sim {
namespace {

constexpr std::array kCompound = {"partition", "heal", "flap", "chaos"};
constexpr std::array kPlain = {"link_down", "link_up", "server_down",
                               "server_up", "pause",   "resume"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& names, const json_t* event) {
  const std::string_view what = string_of(json_object_get(event, "do"));
  return std::find(names.begin(), names.end(), what) != names.end();
}

const char* name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::kCutLink:
      return "link_down";
    case FaultKind::kRestoreLink:
      return "link_up";
    case FaultKind::kStopServer:
      return "server_down";
    case FaultKind::kStartServer:
      return "server_up";
    case FaultKind::kPauseServer:
      return "pause";
    case FaultKind::kResumeServer:
      return "resume";
    case FaultKind::kSetLink:
      break;
  }
  return nullptr;
}

const char* name_of(CutHow how) {
  switch (how) {
    case CutHow::kClose:
      break;
    case CutHow::kReset:
      return "reset";
    case CutHow::kBlackhole:
      return "blackhole";
  }
  return "close";
}

OwnedJson event_of(const HerdSpec& herd, bool only_herd, const PlannedFault& fault) {
  OwnedJson event(json_object());
  put(event.get(), "at", duration_text(fault.at.time_since_epoch()));
  if (!only_herd) put(event.get(), "herd", herd.name);
  put(event.get(), "do", name_of(fault.kind));
  if (fault.kind == FaultKind::kCutLink || fault.kind == FaultKind::kRestoreLink) {
    const LinkSpec link = herd.links[fault.target];
    put(event.get(), "link",
        json_pair(herd.servers[link.first].name, herd.servers[link.second].name));
    if (fault.kind == FaultKind::kCutLink && fault.how != CutHow::kClose) {
      put(event.get(), "how", name_of(fault.how));
    }
  } else {
    put(event.get(), "server", herd.servers[fault.target].name);
  }
  return event;
}

}  // namespace

OwnedJson expand_faults(const json_t* root, const Scenario& scenario) {
  const json_t* const events = json_object_get(root, "events");
  bool any = false;
  OwnedJson plain(json_array());
  for (std::size_t i = 0; i < json_array_size(events); ++i) {
    const json_t* const event = json_array_get(events, i);
    any = any || is_one_of(kCompound, event);
    if (!is_one_of(kCompound, event) && !is_one_of(kPlain, event)) {
      add(plain.get(), copy_of(event));
    }
  }
  if (!any) return nullptr;
  // All of them at once: which of two faults cuts a link depends on the other.
  for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
    for (const PlannedFault& fault : plan_faults(scenario, h)) {
      if (fault.kind == FaultKind::kSetLink) continue;  // plain, and kept as it is
      add(plain.get(), event_of(scenario.herds[h], scenario.herds.size() == 1, fault));
    }
  }
  OwnedJson out = copy_of(root);
  put(out.get(), "events", std::move(plain));
  return out;
}

}  // namespace sim
