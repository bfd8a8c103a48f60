#include "sim/run/event_words.h"

#include <fmt/format.h>

#include <vector>

#include "sim/measure/results/human.h"

namespace sim {
namespace {

// "5 ms, 10 things": the parts that there are.
std::string joined(const std::vector<std::string>& parts, const char* between = ", ") {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string how_words(CutHow how) {
  switch (how) {
    case CutHow::kClose:
      return "";
    case CutHow::kReset:
      return ", reset";
    case CutHow::kBlackhole:
      return ", blackhole";
  }
  return "";
}

std::string pair_words(const std::string& first, const std::string& second) {
  return first + " - " + second;
}

std::string jitter_words(const Jitter& jitter) {
  static constexpr const char* kShapes[] = {"uniform", "normal", "exponential"};
  return fmt::format("jitter {} {}", kShapes[static_cast<int>(jitter.shape)],
                     human_duration(jitter.amount));
}

std::string change_words(const LinkConditionsChange& change) {
  std::vector<std::string> parts;
  if (change.latency) parts.push_back("latency " + human_duration(*change.latency));
  if (change.jitter) parts.push_back(jitter_words(*change.jitter));
  if (change.bandwidth_bps)
    parts.push_back(fmt::format("bandwidth {:g} bit/s", *change.bandwidth_bps));
  if (change.loss) parts.push_back(fmt::format("loss {:g}", *change.loss));
  return parts.empty() ? "as before" : joined(parts);
}

std::string rate_words(const char* name, const std::optional<Duration>& period) {
  return period ? fmt::format("{} every {}", name, human_duration(*period)) : std::string();
}

struct Describe {
  EventWords operator()(const LinkDownEvent& e) const {
    return {"link_down", pair_words(e.first, e.second) + how_words(e.how)};
  }
  EventWords operator()(const LinkUpEvent& e) const {
    return {"link_up", pair_words(e.first, e.second)};
  }
  EventWords operator()(const PartitionEvent& e) const {
    std::vector<std::string> groups;
    for (const auto& group : e.groups) groups.push_back(joined(group, " "));
    return {"partition", joined(groups, " | ") + how_words(e.how)};
  }
  EventWords operator()(const HealEvent&) const { return {"heal", ""}; }
  EventWords operator()(const ServerDownEvent& e) const { return {"server_down", e.server}; }
  EventWords operator()(const ServerUpEvent& e) const { return {"server_up", e.server}; }
  EventWords operator()(const PauseEvent& e) const { return {"pause", e.server}; }
  EventWords operator()(const ResumeEvent& e) const { return {"resume", e.server}; }
  EventWords operator()(const SetLinkEvent& e) const {
    return {"set_link", (e.link ? pair_words(e.link->first, e.link->second) : "every link") + ": " +
                            change_words(e.change.forward) + "; back " +
                            change_words(e.change.backward)};
  }
  EventWords operator()(const FlapEvent& e) const {
    const auto* link = std::get_if<ServerPair>(&e.what);
    const std::string what =
        link != nullptr ? pair_words(link->first, link->second) : std::get<std::string>(e.what);
    return {"flap", fmt::format("{}, up {}, down {}, for {}{}", what, human_duration(e.up),
                                human_duration(e.down), human_duration(e.over), how_words(e.how))};
  }
  EventWords operator()(const ChaosEvent& e) const {
    std::vector<std::string> parts;
    for (const auto& [name, period] :
         {std::pair("link_down", e.link_down), std::pair("blackhole", e.blackhole),
          std::pair("server_down", e.server_down), std::pair("pause", e.pause),
          std::pair("partition", e.partition)}) {
      if (period) parts.push_back(rate_words(name, period));
    }
    return {"chaos", fmt::format("{}, lasting {}, for {}", joined(parts), human_duration(e.lasting),
                                 human_duration(e.over))};
  }
  EventWords operator()(const BurstEvent& e) const {
    return {"burst", fmt::format("{} updates by {} clients at {}", e.updates, e.clients, e.server)};
  }
  EventWords operator()(const MoveEvent& e) const { return {"move", e.client + " to " + e.to}; }
  EventWords operator()(const SendEvent& e) const { return {"send", e.client + ": " + e.line}; }
  EventWords operator()(const SetPlacesEvent& e) const {
    std::vector<std::string> parts;
    if (e.latency) parts.push_back("latency " + human_duration(*e.latency));
    if (e.fail) parts.push_back(fmt::format("fail {:g}", *e.fail));
    if (e.cut) parts.push_back(fmt::format("cut {:g}", *e.cut));
    if (e.quota) parts.push_back(fmt::format("quota {}", *e.quota));
    return {"set_places", joined(parts)};
  }
};

}  // namespace

EventWords words_of(const EventAction& action) { return std::visit(Describe{}, action); }

EventWords words_of(const HerdSpec& herd, const PlannedFault& fault) {
  const auto server = [&] { return herd.servers[fault.target].name; };
  switch (fault.kind) {
    case FaultKind::kCutLink:
      return {"link_down", link_words(herd, fault.target) + how_words(fault.how)};
    case FaultKind::kRestoreLink:
      return {"link_up", link_words(herd, fault.target)};
    case FaultKind::kSetLink:
      return {"set_link", link_words(herd, fault.target)};
    case FaultKind::kStopServer:
      return {"server_down", server()};
    case FaultKind::kStartServer:
      return {"server_up", server()};
    case FaultKind::kPauseServer:
      return {"pause", server()};
    case FaultKind::kResumeServer:
      return {"resume", server()};
  }
  return {};
}

const char* event_name(LinkState state) {
  switch (state) {
    case LinkState::kDown:
      return "link_lost";
    case LinkState::kUp:
      return "link_proven";
    case LinkState::kSynchronized:
      return "link_in_step";
  }
  return "";
}

std::string link_words(const HerdSpec& herd, std::uint32_t link) {
  const LinkSpec& spec = herd.links[link];
  return pair_words(herd.servers[spec.first].name, herd.servers[spec.second].name);
}

}  // namespace sim
