#include "sim/run/event_words.h"

#include <fmt/format.h>

#include <vector>

#include "core/herd_map.h"
#include "sim/base/text/numbers.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

// Returns "5 ms, 10 things".
std::string joined(const std::vector<std::string>& parts, const char* between = ", ") {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string how_words(CutHow how) {
  return how == CutHow::kClose ? std::string() : fmt::format(", {}", name_of(how));
}

// Says in which direction alone nothing comes through.
std::string ways_words(CutWays ways, const std::string& first, const std::string& second) {
  if (ways == CutWays::kBoth) return {};
  return ways == CutWays::kForward ? fmt::format(", from {} to {}", first, second)
                                   : fmt::format(", from {} to {}", second, first);
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
    parts.push_back("bandwidth " + real_text(*change.bandwidth_bps) + " bit/s");
  if (change.loss) parts.push_back("loss " + real_text(*change.loss));
  return parts.empty() ? "as before" : joined(parts);
}

// Returns "Alford - Welsh".
std::string link_words(const HerdSpec& herd, std::uint32_t link) {
  const LinkSpec& spec = herd.links[link];
  return pair_words(herd.servers[spec.first].name, herd.servers[spec.second].name);
}

// The details of an event of the script.
struct Describe {
  // An event that only names a server. Any other event has an overload below.
  template <class OfServer>
  std::string operator()(const OfServer& e) const {
    return e.server;
  }
  std::string operator()(const LinkDownEvent& e) const {
    const std::string what = e.links > 0 ? fmt::format("{} links drawn at random", e.links)
                                         : pair_words(e.first, e.second);
    return what + how_words(e.how) + ways_words(e.ways, e.first, e.second);
  }
  std::string operator()(const LinkUpEvent& e) const {
    return e.first.empty() ? "every link" : pair_words(e.first, e.second);
  }
  std::string operator()(const PartitionEvent& e) const {
    std::vector<std::string> groups;
    for (const auto& group : e.groups) groups.push_back(joined(group, " "));
    return joined(groups, " | ") + how_words(e.how) + ways_words(e.ways, "a group", "later ones");
  }
  std::string operator()(const HealEvent&) const { return ""; }
  std::string operator()(const SetLinkEvent& e) const {
    return (e.link ? pair_words(e.link->first, e.link->second) : "every link") + ": " +
           change_words(e.change.forward) + "; back " + change_words(e.change.backward);
  }
  std::string operator()(const FlapEvent& e) const {
    const auto* link = std::get_if<ServerPair>(&e.what);
    const std::string what =
        link != nullptr ? pair_words(link->first, link->second) : std::get<std::string>(e.what);
    return fmt::format("{}, up {}, down {}, for {}{}", what, human_duration(e.up),
                       human_duration(e.down), human_duration(e.over), how_words(e.how));
  }
  std::string operator()(const ChaosEvent& e) const {
    std::vector<std::string> parts;
    for (const ChaosKindInfo& each : kChaosKinds) {
      const std::optional<Duration>& mean = e.*each.mean;
      if (mean) parts.push_back(fmt::format("{} every {}", each.name, human_duration(*mean)));
    }
    return fmt::format("{}, lasting {}, for {}", joined(parts), human_duration(e.lasting),
                       human_duration(e.over));
  }
  std::string operator()(const BurstEvent& e) const {
    return fmt::format("{} updates by {} clients at {}", e.updates, e.clients, e.server);
  }
  std::string operator()(const MoveEvent& e) const { return e.client + " to " + e.to; }
  std::string operator()(const SendEvent& e) const { return e.client + ": " + e.line; }
  std::string operator()(const SetPlacesEvent& e) const {
    std::vector<std::string> parts;
    if (e.latency) parts.push_back("latency " + human_duration(*e.latency));
    if (e.fail) parts.push_back("fail " + real_text(*e.fail));
    if (e.cut) parts.push_back("cut " + real_text(*e.cut));
    if (e.quota) parts.push_back(fmt::format("quota {}", *e.quota));
    return joined(parts);
  }
};

}  // namespace

EventWords words_of(const EventAction& action) {
  return {std::string(name_of(action).text()), std::visit(Describe{}, action)};
}

EventWords words_of(const HerdSpec& herd, const Fault& fault) {
  const auto* const cut = std::get_if<CutLink>(&fault);
  std::string detail = target_words(herd, fault);
  if (cut != nullptr) {
    const LinkSpec& link = herd.links[cut->link];
    detail += how_words(cut->how) +
              ways_words(cut->ways, herd.servers[link.first].name, herd.servers[link.second].name);
  }
  return {std::string(name_of(fault).text()), std::move(detail)};
}

EventWords words_of(const HerdSpec& herd, const LinkChange& change) {
  EventName name = "link_in_step";
  if (change.state == LinkState::kDown) name = "link_lost";
  if (change.state == LinkState::kUp) name = "link_proven";
  return {std::string(name.text()), link_words(herd, change.link)};
}

EventWords words_of(const HerdSpec& herd, const MapChange& change) {
  constexpr EventName kName = "map_changed";
  const std::string map = change.map == herd::kSettlingMap ? "waits until its map has settled"
                                                           : fmt::format("map {}", change.map);
  return {std::string(kName.text()), herd.servers[change.server].name + ": " + map};
}

EventWords words_of(const HerdSpec& herd, const TreeChange& change) {
  constexpr EventName kName = "tree_changed";
  const std::string tree =
      change.root == kNoIndex ? "the tree" : "the tree of " + herd.servers[change.root].name;
  const char* is = "is the parent";
  if (change.edge == herd::TreeEdge::kSends) is = "is sent all";
  if (change.edge == herd::TreeEdge::kAnnounces) is = "is only told what there is";
  return {std::string(kName.text()),
          fmt::format("{}: {} {} in {}", herd.servers[change.server].name,
                      herd.servers[change.neighbor].name, is, tree)};
}

std::string target_words(const HerdSpec& herd, const Fault& fault) {
  return std::visit(
      [&](const auto& each) -> std::string {
        if constexpr (requires { each.link; }) {
          return link_words(herd, each.link);
        } else if constexpr (requires { each.server; }) {
          return herd.servers[each.server].name;
        } else {
          return "";
        }
      },
      fault);
}

}  // namespace sim
