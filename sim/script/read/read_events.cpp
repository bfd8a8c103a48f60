#include "sim/script/read/read_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "sim/script/read/check_undo.h"
#include "sim/script/read/event_action.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_fault_events.h"
#include "sim/script/read/read_places.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kClientRight = "a client's id";
constexpr std::string_view kLineRight = "a line without its ending";
constexpr const char* kClientForm = R"("$ref": "#/$defs/client_id")";

// Goes into the member `client` of an event.
template <class E>
void set_client(const EventReader& reader, const JsonNode& node, const std::string& id, E& event) {
  reader.names.check_client(node, id, reader.problems);
  event.client = id;
}

Action burst_action() {
  static const std::string kUpdatesRight = fmt::format("how many, from 1 to {}", kMaxBurstUpdates);
  static const EventFields<BurstEvent> kFields = {
      {"server", NameKind{}, set_server<BurstEvent>, "The server that gets the updates.",
       required("a server's name")},
      {"updates", WholeKind{1, kMaxBurstUpdates}, &BurstEvent::updates,
       "The number of updates in all.", required(kUpdatesRight)},
      {"clients", WholeKind{1, kMaxClients}, &BurstEvent::clients,
       "The number of clients made for the burst, which send them."},
      {"over", kNonNegativeDuration, &BurstEvent::over,
       "The time that the updates are spread over evenly."},
  };
  return action_of<BurstEvent>(kFields, [](const EventReader& reader, BurstEvent& burst) {
    reader.check_ends(burst.over, "the burst");
  });
}

Action move_action() {
  static const EventFields<MoveEvent> kFields = {
      {"client", TextKind{kClientRight, kClientForm}, set_client<MoveEvent>, "The client.",
       required()},
      {"to", NameKind{},
       [](const EventReader& reader, const JsonNode& node, const std::string& name,
          MoveEvent& move) {
         reader.check_server(node, name);
         move.to = name;
       },
       "The server that it goes to.", required("a server's name")},
  };
  return action_of<MoveEvent>(kFields);
}

Action send_action() {
  static const EventFields<SendEvent> kFields = {
      {"client", TextKind{kClientRight, kClientForm}, set_client<SendEvent>, "The client.",
       required()},
      {"line", TextKind{kLineRight, R"("type": "string", "not": {"pattern": "\\n|\\r$"})"},
       [](const EventReader& reader, const JsonNode& node, const std::string& line,
          SendEvent& send) {
         send.line = line;
         if (line.find('\n') == std::string::npos && !line.ends_with('\r')) return;
         reader.problems.add(node.path, "has a line ending in it", std::string(kLineRight));
       },
       "The line without its ending.", required()},
  };
  return action_of<SendEvent>(kFields);
}

Action set_places_action() {
  static const auto kKeys = keys_of(set_places_fields());
  Action action{SetPlacesEvent::kName, kKeys, [] { return properties_of(set_places_fields()); },
                nullptr, has_any_of(kKeys)};
  action.read = [](const EventReader& reader) {
    SetPlacesEvent set;
    read_fields(reader.object, set_places_fields(), set);
    if (!reader.object.has_any_of(kKeys)) {
      reader.problems.add(reader.object.node().path, "changes nothing", listed(kKeys));
    }
    if (reader.herd_known) {
      reader.names.check_embedded_places(reader.action, reader.event.herd, reader.problems);
    }
    return EventAction(set);
  };
  return action;
}

// Returns all actions in the order of kEvents.
const std::vector<Action>& actions() {
  static const std::vector<Action> kActions = [] {
    std::vector<Action> all = fault_actions();
    for (auto* each : {burst_action, move_action, send_action, set_places_action}) {
      all.push_back(each());
    }
    std::sort(all.begin(), all.end(),
              [](const Action& a, const Action& b) { return a.name.place() < b.name.place(); });
    return all;
  }();
  return kActions;
}

ChoiceKind<const Action*> action_names() {
  ChoiceKind<const Action*> kind;
  for (const Action& action : actions()) kind.choices.push_back({action.name.text(), &action});
  return kind;
}

// Reports keys that other actions take, each with the first that does.
void refuse_keys_of_others(const Action& action, ObjectReader& object) {
  std::vector<std::string_view> done = action.keys;
  for (const Action& other : actions()) {
    for (const std::string_view key : other.keys) {
      if (std::find(done.begin(), done.end(), key) != done.end()) continue;
      done.push_back(key);
      if (!object.has(key)) {
        object.refuse(key, "", "");
        continue;
      }
      object.refuse(key,
                    fmt::format("belongs to {}, not to {}", quoted(other.name.text()),
                                quoted(action.name.text())),
                    fmt::format("{} takes {}", quoted(action.name.text()),
                                action.keys.empty() ? "none" : listed(action.keys, "and")));
    }
  }
}

// Which parts of a herd the faults of an event are done to.
struct Reach {
  bool links = false, servers = false;
};

// An event that is in no list here does not compile.
template <class E, class... Listed>
concept OneOf = (std::same_as<E, Listed> || ...);

struct FindReach {
  template <class E>
  requires OneOf<E, LinkDownEvent, LinkUpEvent, PartitionEvent, HealEvent, SetLinkEvent> Reach
  operator()(const E&) const {
    return {true, false};
  }
  template <class E>
  requires OneOf<E, ServerDownEvent, ServerUpEvent, PauseEvent, ResumeEvent> Reach
  operator()(const E&) const {
    return {false, true};
  }
  template <class E>
  requires OneOf<E, BurstEvent, MoveEvent, SendEvent, SetPlacesEvent> Reach
  operator()(const E&) const {
    return {};
  }
  Reach operator()(const FlapEvent& flap) const {
    const bool of_link = std::holds_alternative<ServerPair>(flap.what);
    return {of_link, !of_link};
  }
  Reach operator()(const ChaosEvent& chaos) const {
    Reach reach;
    for (const ChaosKindInfo& each : kChaosKinds) {
      if (chaos.*each.mean) (each.of_links ? reach.links : reach.servers) = true;
    }
    return reach;
  }
};

// Reports faults that cannot be made in the herds concerned.
void check_reach(const EventReader& reader) {
  const Reach reach = std::visit(FindReach{}, reader.event.action);
  if (!reach.links && !reach.servers) return;
  if (!reader.names.check_not_elsewhere(reader.action, reader.event.herd, reader.problems)) return;
  if (reach.links) {
    reader.names.check_link_faults(reader.action, reader.event.herd, reader.problems);
  }
  if (reach.servers) {
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
    read_fields(object, fields(), event, *this);
    const bool herd_known = event.herd.has_value() || !object.has("herd");
    const auto action_node = object.required("do", action_names().allowed());
    const auto action = action_node ? action_names().read(*action_node, problems_) : std::nullopt;
    if (!action) return event;  // it is unknown what its keys should be
    const EventReader reader{object, *action_node, event, herd_known, duration_, names_, problems_};
    event.action = (*action)->read(reader);
    if (herd_known) check_reach(reader);
    refuse_keys_of_others(**action, object);
    object.finish();
    return event;
  }

  static Schema schema() {
    std::vector<Schema> each;
    for (const Action& action : actions()) {
      each.push_back(object_schema(
          properties_of(fields(), tag("do", action.name.text(), action.name.meaning()),
                        action.describe()),
          action.rule));
    }
    return one_of(each).defined_as("event");
  }

 private:
  static const Fields<Event, EventsReader>& fields() {
    static const Fields<Event, EventsReader> kFields = {
        {"at", kNonNegativeDuration, &EventsReader::set_time,
         "When it happens, at most `duration`.", required()},
        {"herd", NameKind{}, &EventsReader::set_herd,
         "The herd that it happens to. Default: all of them."},
    };
    return kFields;
  }

  void set_time(const JsonNode& node, Duration at, Event& event) {
    event.at = at;
    if (!duration_ || at <= *duration_) return;
    problems_.add(node.path, "is after the end of the script", "at most `duration`");
  }

  void set_herd(const JsonNode& node, const std::string& name, Event& event) {
    event.herd = names_.find_herd(node, name, problems_);
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
  events.reserve(size.value_or(0));
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    events.push_back(reader.read(node.item(i)));
    events.back().place = static_cast<std::uint32_t>(i);
  }
  const auto before = [](const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.place < b.place;
  };
  if (!std::is_sorted(events.begin(), events.end(), before)) {
    std::sort(events.begin(), events.end(), before);
  }
  if (!problems.any()) check_undo(node, events, problems);
  return events;
}

Schema events_schema() { return R"("type": "array")" + EventsReader::schema().as("items"); }

}  // namespace sim
