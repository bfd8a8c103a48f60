// The events of a scenario's script. event_names.h explains each of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/script/spec/cut_how.h"
#include "sim/script/spec/event_names.h"
#include "sim/script/spec/link_conditions.h"

namespace sim {

using ServerPair = std::pair<std::string, std::string>;  // in the order written

struct LinkDownEvent {
  static constexpr EventName kName = "link_down";
  std::string first, second;
  std::uint32_t links = 0;  // if not 0: so many links, drawn at random, and not that of two servers
  CutHow how = CutHow::kClose;
  CutWays ways = CutWays::kBoth;  // forward is from `first` to `second`; one way: a blackhole
};
struct LinkUpEvent {
  static constexpr EventName kName = "link_up";
  std::string first, second;  // both empty: every link
};
// Cuts every link between servers of different groups. All servers that no group names form one
// more group, the last one.
struct PartitionEvent {
  static constexpr EventName kName = "partition";
  std::vector<std::vector<std::string>> groups;
  CutHow how = CutHow::kClose;
  CutWays ways = CutWays::kBoth;  // forward is from a group to a later one; one way: a blackhole
};
// Ends the partition.
struct HealEvent {
  static constexpr EventName kName = "heal";
};
struct ServerDownEvent {
  static constexpr EventName kName = "server_down";
  std::string server;
};
struct ServerUpEvent {
  static constexpr EventName kName = "server_up";
  std::string server;
};
struct PauseEvent {
  static constexpr EventName kName = "pause";
  std::string server;
};
struct ResumeEvent {
  static constexpr EventName kName = "resume";
  std::string server;
};
// `change.forward` is from the pair's first server to its second. Without a pair, all links change,
// and forward is from the server that the herd lists first.
struct SetLinkEvent {
  static constexpr EventName kName = "set_link";
  std::optional<ServerPair> link;
  TwoWayChange change;
};
// A link or a server goes down and up again until `over` has passed, and then is up. Its up and
// down times are drawn from exponential distributions with the means `up` and `down`.
struct FlapEvent {
  static constexpr EventName kName = "flap";
  std::variant<ServerPair, std::string> what;  // a link or a server
  Duration up{0}, down{0};                     // > 0
  Duration over{0};
  CutHow how = CutHow::kClose;  // of a link
};
// Faults at random times anywhere in the herd. For each kind, the mean time between two faults is
// given. Each fault lasts for a time drawn from an exponential distribution with the mean
// `lasting`. All faults have ended after `over`.
struct ChaosEvent {
  static constexpr EventName kName = "chaos";
  Duration over{0};
  Duration lasting{0};
  // The mean time between two faults of each kind, > 0; nullopt: no such faults.
  std::optional<Duration> link_down, blackhole, server_down, pause, partition;
};
enum class ChaosKind { kLinkDown, kBlackhole, kServerDown, kPause, kPartition };
struct ChaosKindInfo {
  const char* name;
  ChaosKind kind;
  std::optional<Duration> ChaosEvent::*mean;  // between two faults of this kind
  bool of_links;
};
inline constexpr std::array kChaosKinds = {
    ChaosKindInfo{"link_down", ChaosKind::kLinkDown, &ChaosEvent::link_down, true},
    ChaosKindInfo{"blackhole", ChaosKind::kBlackhole, &ChaosEvent::blackhole, true},
    ChaosKindInfo{"server_down", ChaosKind::kServerDown, &ChaosEvent::server_down, false},
    ChaosKindInfo{"pause", ChaosKind::kPause, &ChaosEvent::pause, false},
    ChaosKindInfo{"partition", ChaosKind::kPartition, &ChaosEvent::partition, true},
};
// A number of updates at one server, by clients made for this event, each on its own connection.
// Update i is made by client i modulo `clients`, at i/updates of `over`.
struct BurstEvent {
  static constexpr EventName kName = "burst";
  std::string server;
  std::uint32_t updates = 0;  // >= 1
  std::uint32_t clients = 1;  // >= 1
  Duration over{0};
};
struct MoveEvent {
  static constexpr EventName kName = "move";
  std::string client, to;
};
struct SendEvent {
  static constexpr EventName kName = "send";
  std::string client, line;  // the line without its ending
};
// Changes the faults of a herd's embedded provider. Members without a value stay as they are.
struct SetPlacesEvent {
  static constexpr EventName kName = "set_places";
  std::optional<Duration> latency;
  std::optional<double> fail, cut;
  std::optional<std::uint64_t> quota;
};
using EventAction =
    std::variant<LinkDownEvent, LinkUpEvent, PartitionEvent, HealEvent, ServerDownEvent,
                 ServerUpEvent, PauseEvent, ResumeEvent, SetLinkEvent, FlapEvent, ChaosEvent,
                 BurstEvent, MoveEvent, SendEvent, SetPlacesEvent>;

struct Event {
  Duration at{0};
  std::optional<std::uint32_t> herd;  // index into Scenario::herds; nullopt: all herds
  EventAction action;
  std::uint32_t place = 0;  // in the scenario's list

  bool concerns(std::uint32_t herd_index) const { return !herd || *herd == herd_index; }
};

}  // namespace sim
