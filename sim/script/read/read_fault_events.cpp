#include "sim/script/read/read_fault_events.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "sim/script/read/kinds.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_links.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

static_assert(kMinFaultMean == std::chrono::milliseconds(1), "kDurationFrom1ms and this say so");
constexpr std::string_view kFaultRateRight = R"(a rate from one in 8760h to 1000/s, as "6/min")";
constexpr std::string_view kGroupsRight =
    R"(a list of at least one group, as [["Alford", "Hamilton"], ["Ball"]])";

constexpr Choice<CutHow> kHows[] = {
    {name_of(CutHow::kClose), CutHow::kClose},
    {name_of(CutHow::kReset), CutHow::kReset},
    {name_of(CutHow::kBlackhole), CutHow::kBlackhole},
};
constexpr Says kHowSays =
    "How a link ends: its connection is closed, it is reset, or it stays and nothing comes "
    "through.";
constexpr Choice<CutWays> kDirections[] = {
    {name_of(CutWays::kBoth), CutWays::kBoth},
    {name_of(CutWays::kForward), CutWays::kForward},
    {name_of(CutWays::kBackward), CutWays::kBackward},
};
constexpr Says kServerSays = "The server.";

// One direction alone can only be a blackhole: a connection ends in both.
template <class E>
void check_direction(const EventReader& reader, E& event) {
  if (event.ways == CutWays::kBoth) return;
  if (!reader.object.has("how")) {
    event.how = CutHow::kBlackhole;
  } else if (event.how != CutHow::kBlackhole) {
    reader.problems.add(reader.object.node().member_path("how"),
                        "ends the connections of a link in both directions",
                        R"("blackhole" with one "direction", or "both")");
  }
}

Schema direction_rule() {
  return R"("if": {"required": ["direction"],
                  "properties": {"direction": {"enum": ["forward", "backward"]}}},
            "then": {"properties": {"how": {"const": "blackhole"}}})";
}

template <class E>
void set_ends(const EventReader& reader, const JsonNode& node, const ServerPair& pair, E& event) {
  reader.check_link(node, pair);
  event.first = pair.first;
  event.second = pair.second;
}

void set_link_count(const EventReader& reader, const JsonNode& node, std::int64_t links,
                    LinkDownEvent& down) {
  down.links = static_cast<std::uint32_t>(links);
  if (reader.herd_known) {
    reader.names.check_link_count(node, down.links, reader.event.herd, reader.problems);
  }
}

void check_link_down(const EventReader& reader, LinkDownEvent& down) {
  check_direction(reader, down);
  const bool has_link = reader.object.has("link");
  if (has_link != reader.object.has("links")) return;
  reader.problems.add(reader.object.node().path,
                      has_link ? "has both one link and a number of links" : "cuts no link",
                      R"("link", two servers, or "links", how many)");
}

// An event of one server, by its only key.
template <class E>
Action server_action() {
  static const EventFields<E> kFields = {
      {"server", NameKind{}, set_server<E>, kServerSays, required("a server's name")},
  };
  return action_of<E>(kFields);
}

Schema groups_schema() {
  return R"("type": "array", "minItems": 1)" +
         (R"("type": "array", "minItems": 1, "uniqueItems": true)" +
          NameKind{}.schema().as("items"))
             .as("items");
}

// Reads the servers of one group and adds them to `seen`. Returns nullopt after problems.
std::optional<std::vector<std::string>> read_group(const EventReader& reader, const JsonNode& node,
                                                   std::unordered_set<std::string>& seen) {
  constexpr std::string_view kGroupRight = "a list of at least one server";
  const auto size = read_list(node, reader.problems, kGroupRight);
  if (!size) return std::nullopt;
  if (*size == 0) reader.problems.add(node.path, "is empty", std::string(kGroupRight));
  std::vector<std::string> servers;
  for (std::size_t i = 0; i < *size; ++i) {
    const JsonNode item = node.item(i);
    auto server = NameKind{}.read(item, reader.problems);
    if (!server) continue;
    reader.check_server(item, *server);
    if (seen.insert(*server).second) {
      servers.push_back(std::move(*server));
    } else {
      reader.problems.add(item.path, "server " + quoted(*server) + " is in a group already",
                          "each server in one group");
    }
  }
  if (*size == 0 || servers.size() < *size) return std::nullopt;
  return servers;
}

void read_groups(const EventReader& reader, const JsonNode& node, PartitionEvent& partition) {
  const auto size = read_list(node, reader.problems, kGroupsRight);
  if (!size) return;
  if (*size == 0) reader.problems.add(node.path, "is empty", std::string(kGroupsRight));
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < *size; ++i) {
    auto group = read_group(reader, node.item(i), seen);
    if (group) partition.groups.push_back(std::move(*group));
  }
  if (*size == 0 || partition.groups.size() < *size || !reader.herd_known) return;
  reader.names.check_cut(node, partition.groups, reader.event.herd, reader.problems);
}

void set_flapping_link(const EventReader& reader, const JsonNode& node, const ServerPair& pair,
                       FlapEvent& flap) {
  reader.check_link(node, pair);
  flap.what = pair;
}

void set_flapping_server(const EventReader& reader, const JsonNode& node, const std::string& name,
                         FlapEvent& flap) {
  reader.check_server(node, name);
  flap.what = name;
}

const EventFields<FlapEvent>& flap_fields() {
  static const EventFields<FlapEvent> kFields = {
      {"link", ServerPairKind{}, set_flapping_link, "The link that goes down and up."},
      {"server", NameKind{}, set_flapping_server, "The server that goes down and up."},
      {"up", kDurationFrom1ms, &FlapEvent::up, "The mean time up.", required()},
      {"down", kDurationFrom1ms, &FlapEvent::down, "The mean time down.", required()},
      {"over", kPositiveDuration, &FlapEvent::over, "How long this goes on.", required()},
      {"how", choice_of(kHows), &FlapEvent::how, kHowSays},
  };
  return kFields;
}

EventAction read_flap(const EventReader& reader) {
  FlapEvent flap;
  const bool has_link = reader.object.has("link");
  const bool has_server = reader.object.has("server");
  if (has_link == has_server) {
    reader.problems.add(reader.object.node().path,
                        has_link ? "flaps both a link and a server" : "flaps nothing",
                        R"("link" or "server")");
  } else if (has_server) {
    reader.object.refuse("how", "is of links alone", R"("link" instead of "server")");
  }
  read_fields(reader.object, flap_fields(), flap, reader);
  reader.check_ends(flap.over, "the flapping");
  return flap;
}

// A rate of faults, as the mean time between two.
struct FaultRateKind : RateKind {
  static std::optional<herd::Duration> read(const JsonNode& node, Problems& problems) {
    const auto period = RateKind{}.read(node, problems);
    if (!period || *period >= kMinFaultMean) return period;
    report_quantity(node, problems, true, "rate", kFaultRateRight);
    return std::nullopt;
  }
  static std::string allowed() { return std::string(kFaultRateRight); }
};

std::vector<std::string_view> chaos_kinds() {
  std::vector<std::string_view> names;
  names.reserve(std::size(kChaosKinds));
  for (const ChaosKindInfo& each : kChaosKinds) names.emplace_back(each.name);
  return names;
}

const EventFields<ChaosEvent>& chaos_fields() {
  static const EventFields<ChaosEvent> kFields = [] {
    EventFields<ChaosEvent> fields = {
        {"over", kPositiveDuration, &ChaosEvent::over, "How long this goes on.", required()},
        {"lasting", kDurationFrom1ms, &ChaosEvent::lasting, "The mean time that a fault lasts.",
         required()},
    };
    constexpr Says kRate = "How often a fault of this kind begins, anywhere in the herd.";
    for (const ChaosKindInfo& each : kChaosKinds) {
      fields.emplace_back(each.name, FaultRateKind{}, each.mean, kRate);
    }
    return fields;
  }();
  return kFields;
}

void check_chaos(const EventReader& reader, ChaosEvent& chaos) {
  reader.check_ends(chaos.over, "the chaos");
  if (!reader.object.has_any_of(chaos_kinds())) {
    reader.problems.add(reader.object.node().path, "does nothing", listed(chaos_kinds()));
  }
  const bool of_links = std::any_of(
      kChaosKinds.begin(), kChaosKinds.end(),
      [&](const ChaosKindInfo& each) { return each.of_links && reader.object.has(each.name); });
  if (of_links && reader.herd_known) {
    reader.names.check_links(reader.action, reader.event.herd, reader.problems);
  }
}

Action link_down_action() {
  static const EventFields<LinkDownEvent> kFields = {
      {"link", ServerPairKind{}, set_ends<LinkDownEvent>, "The link, by its two servers."},
      {"links", WholeKind{1, kMaxLinks}, set_link_count,
       "The number of links to cut, drawn at random from the seed, in place of `link`."},
      {"how", choice_of(kHows), &LinkDownEvent::how, kHowSays},
      {"direction", choice_of(kDirections), &LinkDownEvent::ways,
       "The direction in which nothing comes through: forward is from the first of the two servers "
       "to the second. One direction alone is a blackhole."},
  };
  return action_of<LinkDownEvent>(
      kFields, check_link_down,
      direction_rule() + Schema(R"("oneOf": [{"required": ["link"]}, {"required": ["links"]}])"));
}

Action link_up_action() {
  static const EventFields<LinkUpEvent> kFields = {
      {"link", ServerPairKind{}, set_ends<LinkUpEvent>,
       "The link, by its two servers. Default: every link that a link_down has cut."},
  };
  return action_of<LinkUpEvent>(kFields, [](const EventReader& reader, LinkUpEvent&) {
    if (!reader.object.has("link") && reader.herd_known) {
      reader.names.check_links(reader.action, reader.event.herd, reader.problems);
    }
  });
}

Action partition_action() {
  static const EventFields<PartitionEvent> kFields = {
      {"groups", Described{groups_schema, kGroupsRight}, read_groups,
       "The groups of servers. Servers that no group names are one group too.", required()},
      {"how", choice_of(kHows), &PartitionEvent::how, kHowSays},
      {"direction", choice_of(kDirections), &PartitionEvent::ways,
       "The direction in which nothing comes through: forward is from a group to a later one; the "
       "servers that no group names are the last group. One direction alone is a blackhole."},
  };
  return action_of<PartitionEvent>(kFields, check_direction<PartitionEvent>, direction_rule());
}

Action heal_action() {
  static const EventFields<HealEvent> kFields;
  return action_of<HealEvent>(kFields);
}

Action server_down_action() { return server_action<ServerDownEvent>(); }

Action server_up_action() { return server_action<ServerUpEvent>(); }

Action pause_action() { return server_action<PauseEvent>(); }

Action resume_action() { return server_action<ResumeEvent>(); }

Action set_link_action() {
  static const EventFields<SetLinkEvent> kFields = {
      {"link", ServerPairKind{},
       [](const EventReader& reader, const JsonNode& node, const ServerPair& pair,
          SetLinkEvent& set) {
         reader.check_link(node, pair);
         set.link = pair;
       },
       "The link, by its two servers. Default: every link."},
  };
  const auto read_change = [](const EventReader& reader, SetLinkEvent& set) {
    if (!reader.object.has("link") && reader.herd_known) {
      reader.names.check_links(reader.action, reader.event.herd, reader.problems);
    }
    set.change = read_link_change(reader.object, kLinkDirections);
    check_changes_something(reader.object, kLinkDirections);
  };
  Action action = action_of<SetLinkEvent>(kFields, read_change, changes_something(kLinkDirections));
  for (const std::string_view key : link_change_keys(kLinkDirections)) action.keys.push_back(key);
  action.describe = [] { return properties_of(kFields, link_change_properties(kLinkDirections)); };
  return action;
}

Action flap_action() {
  Action action = action_of<FlapEvent>(flap_fields(), nullptr, R"("oneOf": [{"required": ["link"]},
                            {"required": ["server"], "not": {"required": ["how"]}}])");
  action.read = read_flap;
  return action;
}

Action chaos_action() {
  return action_of<ChaosEvent>(chaos_fields(), check_chaos, has_any_of(chaos_kinds()));
}

}  // namespace

std::vector<Action> fault_actions() {
  return {link_down_action(), link_up_action(), partition_action(),   heal_action(),
          pause_action(),     resume_action(),  server_down_action(), server_up_action(),
          set_link_action(),  flap_action(),    chaos_action()};
}

}  // namespace sim
