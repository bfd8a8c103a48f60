#include "sim/script/read/read_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "sim/script/read/event_reader.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/read_fault_events.h"
#include "sim/script/read/read_places.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

enum class Action {
  kLinkDown,
  kLinkUp,
  kPartition,
  kHeal,
  kServerDown,
  kServerUp,
  kPause,
  kResume,
  kSetLink,
  kFlap,
  kChaos,
  kBurst,
  kMove,
  kSend,
  kSetPlaces,
};

// What each action takes besides "at", "herd" and "do".
struct ActionKeys {
  std::string_view name;
  Action value;
  std::array<std::string_view, 7> keys;  // empty ones behind the others
};
constexpr std::array kActions = {
    ActionKeys{LinkDownEvent::kName.text(), Action::kLinkDown, {"link", "how"}},
    ActionKeys{LinkUpEvent::kName.text(), Action::kLinkUp, {"link"}},
    ActionKeys{BurstEvent::kName.text(), Action::kBurst, {"server", "updates", "clients", "over"}},
    ActionKeys{MoveEvent::kName.text(), Action::kMove, {"client", "to"}},
    ActionKeys{SendEvent::kName.text(), Action::kSend, {"client", "line"}},
    ActionKeys{
        SetPlacesEvent::kName.text(), Action::kSetPlaces, {"latency", "fail", "cut", "quota"}},
    ActionKeys{PartitionEvent::kName.text(), Action::kPartition, {"groups", "how"}},
    ActionKeys{HealEvent::kName.text(), Action::kHeal, {}},
    ActionKeys{ServerDownEvent::kName.text(), Action::kServerDown, {"server"}},
    ActionKeys{ServerUpEvent::kName.text(), Action::kServerUp, {"server"}},
    ActionKeys{PauseEvent::kName.text(), Action::kPause, {"server"}},
    ActionKeys{ResumeEvent::kName.text(), Action::kResume, {"server"}},
    ActionKeys{SetLinkEvent::kName.text(),
               Action::kSetLink,
               {"link", "latency", "jitter", "bandwidth", "loss", "forward", "backward"}},
    ActionKeys{
        FlapEvent::kName.text(), Action::kFlap, {"link", "server", "up", "down", "over", "how"}},
    ActionKeys{ChaosEvent::kName.text(),
               Action::kChaos,
               {"over", "lasting", "link_down", "blackhole", "server_down", "pause", "partition"}},
};

std::vector<std::string_view> keys_of(const ActionKeys& action) {
  std::vector<std::string_view> keys;
  for (const std::string_view key : action.keys) {
    if (!key.empty()) keys.push_back(key);
  }
  return keys;
}

// Reports keys that other actions take, each with the first that does.
void refuse_keys_of_others(Action value, ObjectReader& object) {
  const auto& action = *std::find_if(kActions.begin(), kActions.end(),
                                     [&](const auto& each) { return each.value == value; });
  const std::vector<std::string_view> own = keys_of(action);
  const std::string right =
      fmt::format("{} takes {}", quoted(action.name), own.empty() ? "none" : listed(own, "and"));
  std::vector<std::string_view> done = own;
  for (const ActionKeys& other : kActions) {
    for (const std::string_view key : keys_of(other)) {
      if (std::find(done.begin(), done.end(), key) != done.end()) continue;
      done.push_back(key);
      object.refuse(
          key, fmt::format("belongs to {}, not to {}", quoted(other.name), quoted(action.name)),
          right);
    }
  }
}

std::string read_client(const EventReader& reader) {
  const auto node = reader.object.required("client", "a client's id");
  if (!node) return "";
  const auto id = read_text(*node, reader.problems, "a client's id");
  if (id) reader.names.check_client(*node, *id, reader.problems);
  return id.value_or("");
}

BurstEvent read_burst(const EventReader& reader) {
  BurstEvent burst;
  burst.server = reader.required_server("server").value_or("");
  if (const auto updates = reader.object.required(
          "updates", fmt::format("how many, from 1 to {}", kMaxBurstUpdates))) {
    burst.updates = static_cast<std::uint32_t>(
        read_whole(*updates, reader.problems, 1, kMaxBurstUpdates).value_or(1));
  }
  if (const auto clients = reader.object.optional("clients")) {
    burst.clients = static_cast<std::uint32_t>(
        read_whole(*clients, reader.problems, 1, kMaxClients).value_or(1));
  }
  if (const auto over = reader.object.optional("over")) {
    burst.over = read_duration(*over, reader.problems, kNonNegativeDuration).value_or(burst.over);
    reader.check_ends(*over, burst.over, "the burst");
  }
  return burst;
}

MoveEvent read_move(const EventReader& reader) {
  MoveEvent move;
  move.client = read_client(reader);
  move.to = reader.required_server("to").value_or("");
  return move;
}

SendEvent read_send(const EventReader& reader) {
  constexpr std::string_view kLineRight = "a line without its ending";
  SendEvent send;
  send.client = read_client(reader);
  if (const auto line = reader.object.required("line", kLineRight)) {
    send.line = read_text(*line, reader.problems, kLineRight).value_or("");
    if (send.line.find('\n') != std::string::npos || send.line.ends_with('\r')) {
      reader.problems.add(line->path, "has a line ending in it", std::string(kLineRight));
    }
  }
  return send;
}

SetPlacesEvent read_set_places(const EventReader& reader) {
  static constexpr std::array<std::string_view, 4> kFaults = {"latency", "fail", "cut", "quota"};
  SetPlacesEvent set = read_places_faults(reader.object, reader.problems);
  if (std::none_of(kFaults.begin(), kFaults.end(),
                   [&](std::string_view key) { return reader.object.has(key); })) {
    reader.problems.add(reader.object.node().path, "changes nothing", listed(kFaults));
  }
  if (reader.herd_known) {
    reader.names.check_embedded_places(reader.action, reader.event.herd, reader.problems);
  }
  return set;
}

template <class... Kinds>
bool is_any_of(const EventAction& action) {
  return (std::holds_alternative<Kinds>(action) || ...);
}

// Reports faults that cannot be made in the herds concerned.
void check_reach(const EventReader& reader) {
  const EventAction& action = reader.event.action;
  const auto* flap = std::get_if<FlapEvent>(&action);
  const auto* chaos = std::get_if<ChaosEvent>(&action);
  const bool flaps_server = flap && std::holds_alternative<std::string>(flap->what);
  if (is_any_of<LinkDownEvent, LinkUpEvent, PartitionEvent, HealEvent, SetLinkEvent>(action) ||
      (flap && !flaps_server) ||
      (chaos && (chaos->link_down || chaos->blackhole || chaos->partition))) {
    reader.names.check_link_faults(reader.action, reader.event.herd, reader.problems);
  }
  if (is_any_of<ServerDownEvent, ServerUpEvent, PauseEvent, ResumeEvent>(action) || flaps_server ||
      (chaos && (chaos->server_down || chaos->pause))) {
    reader.names.check_server_faults(reader.action, reader.event.herd, reader.problems);
  }
}

class EventsReader {
 public:
  EventsReader(std::optional<Duration> duration, const Names& names, Problems& problems)
      : duration_(duration), names_(names), problems_(problems) {}

  // An event with problems is read as far as it goes.
  Event read(const JsonNode& node) {
    Event event;
    ObjectReader object(node, problems_, R"(an object with "at", "do" and what the action needs)");
    if (!object.is_object()) return event;
    bool herd_known = true;
    if (const auto at = object.required("at", kNonNegativeDuration.right)) {
      event.at = read_duration(*at, problems_, kNonNegativeDuration).value_or(event.at);
      if (duration_ && event.at > *duration_) {
        problems_.add(at->path, "is after the end of the script", "at most `duration`");
      }
    }
    if (const auto herd = object.optional("herd")) {
      const auto name = read_name(*herd, problems_);
      if (name) event.herd = names_.find_herd(*herd, *name, problems_);
      herd_known = event.herd.has_value();
    }
    const auto action_node = object.required("do", listed(names_of(kActions)));
    const auto action = action_node ? read_choice(*action_node, problems_, kActions) : std::nullopt;
    if (!action) return event;  // what its parameters should be nobody knows
    const EventReader reader{object, *action_node, event, herd_known, duration_, names_, problems_};
    event.action = read_action(*action, reader);
    if (herd_known) check_reach(reader);
    refuse_keys_of_others(*action, object);
    object.finish();
    return event;
  }

 private:
  static EventAction read_action(Action action, const EventReader& reader) {
    const auto server = [&] { return reader.required_server("server").value_or(""); };
    switch (action) {
      case Action::kLinkDown:
        return read_link_down(reader);
      case Action::kLinkUp:
        return read_link_up(reader);
      case Action::kPartition:
        return read_partition(reader);
      case Action::kHeal:
        return HealEvent{};
      case Action::kServerDown:
        return ServerDownEvent{server()};
      case Action::kServerUp:
        return ServerUpEvent{server()};
      case Action::kPause:
        return PauseEvent{server()};
      case Action::kResume:
        return ResumeEvent{server()};
      case Action::kSetLink:
        return read_set_link(reader);
      case Action::kFlap:
        return read_flap(reader);
      case Action::kChaos:
        return read_chaos(reader);
      case Action::kBurst:
        return read_burst(reader);
      case Action::kMove:
        return read_move(reader);
      case Action::kSend:
        return read_send(reader);
      case Action::kSetPlaces:
        return read_set_places(reader);
    }
    return {};
  }

  std::optional<Duration> duration_;
  const Names& names_;
  Problems& problems_;
};

}  // namespace

std::vector<Event> read_events(const JsonNode& node, std::optional<Duration> duration,
                               const Names& names, Problems& problems) {
  std::vector<Event> events;
  const auto size = read_list(node, problems, "a list of events");
  EventsReader reader(duration, names, problems);
  for (std::size_t i = 0; i < size.value_or(0); ++i) events.push_back(reader.read(node.item(i)));
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  return events;
}

}  // namespace sim
