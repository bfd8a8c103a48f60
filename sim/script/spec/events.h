// What happens in a run at given times, as a scenario says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/script/spec/link_conditions.h"

namespace sim {

// How a link ends.
enum class CutHow {
  kClose,      // its connection is closed
  kReset,      // its connection is reset (RST)
  kBlackhole,  // nothing gets through any more, and nobody is told
};

using ServerPair = std::pair<std::string, std::string>;  // in the order written

struct LinkDownEvent {
  std::string first, second;
  CutHow how = CutHow::kClose;
};
struct LinkUpEvent {
  std::string first, second;
};
// Cuts every link between servers of different groups. Those that no group names are one together.
struct PartitionEvent {
  std::vector<std::vector<std::string>> groups;
  CutHow how = CutHow::kClose;
};
struct HealEvent {};  // undoes the partition
struct ServerDownEvent {
  std::string server;
};
struct ServerUpEvent {
  std::string server;
};
struct PauseEvent {
  std::string server;
};
struct ResumeEvent {
  std::string server;
};
// `change.forward` is from the pair's first server to its second. Without a pair: of every link,
// forward being from the server that the herd lists first.
struct SetLinkEvent {
  std::optional<ServerPair> link;
  TwoWayChange change;
};
// A link or a server goes off and on again until `over` has passed, and then is on. How long it is
// on and off each time is drawn from exponential distributions with these means.
struct FlapEvent {
  std::variant<ServerPair, std::string> what;  // a link or a server
  Duration up{0}, down{0};                     // > 0
  Duration over{0};
  CutHow how = CutHow::kClose;  // of a link
};
// Faults at random times with these means between them, anywhere in the herd; each lasts for a time
// drawn from an exponential distribution with the mean `lasting`. All is whole again after `over`.
struct ChaosEvent {
  Duration over{0};
  Duration lasting{0};
  std::optional<Duration> link_down, blackhole, server_down, pause, partition;  // > 0; none: never
};
// `updates` updates in all, at one server, by `clients` clients made for it, each on its own
// connection: update i is made by client i modulo `clients` at i/updates of `over`.
struct BurstEvent {
  std::string server;
  std::uint32_t updates = 0;  // >= 1
  std::uint32_t clients = 1;  // >= 1
  Duration over{0};
};
struct MoveEvent {
  std::string client, to;
};
struct SendEvent {
  std::string client, line;  // the line without its ending
};
// Changes the trouble that a herd's embedded provider makes; what is not named stays.
struct SetPlacesEvent {
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
  std::optional<std::uint32_t> herd;  // a place in Scenario::herds; none: all of them
  EventAction action;

  bool concerns(std::uint32_t herd_index) const { return !herd || *herd == herd_index; }
};

}  // namespace sim
