#include "sim/scenario/read_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/scenario/json_reader.h"
#include "sim/scenario/limits.h"
#include "sim/scenario/read_links.h"
#include "sim/scenario/read_places.h"

namespace sim {
namespace {

enum class Action { kLinkDown, kLinkUp, kBurst, kMove, kSend, kSetPlaces };

constexpr std::array kActions = {
    Choice<Action>{"link_down", Action::kLinkDown},
    Choice<Action>{"link_up", Action::kLinkUp},
    Choice<Action>{"burst", Action::kBurst},
    Choice<Action>{"move", Action::kMove},
    Choice<Action>{"send", Action::kSend},
    Choice<Action>{"set_places", Action::kSetPlaces},
};
constexpr std::array<std::string_view, 9> kLaterActions = {"partition", "heal",     "server_down",
                                                           "server_up", "set_link", "pause",
                                                           "resume",    "flap",     "chaos"};

// What each action takes besides "at", "herd" and "do".
struct Parameter {
  std::string_view key, action;
};
constexpr std::array kParameters = {
    Parameter{"link", "link_down"},     Parameter{"link", "link_up"},
    Parameter{"server", "burst"},       Parameter{"updates", "burst"},
    Parameter{"clients", "burst"},      Parameter{"over", "burst"},
    Parameter{"client", "move"},        Parameter{"to", "move"},
    Parameter{"client", "send"},        Parameter{"line", "send"},
    Parameter{"latency", "set_places"}, Parameter{"fail", "set_places"},
    Parameter{"cut", "set_places"},     Parameter{"quota", "set_places"},
    Parameter{"groups", "partition"},
};

class EventsReader {
 public:
  EventsReader(std::optional<Duration> duration, const Names& names, Problems& problems)
      : duration_(duration), names_(names), problems_(problems) {}

  // An event with problems is read as far as it goes.
  Event read(const JsonNode& node) {
    Event event;
    ObjectReader object(node, problems_, R"(an object with "at", "do" and what the action needs)");
    if (!object.is_object()) return event;
    herd_known_ = true;
    if (const auto at = object.required("at", kNonNegativeDuration.right)) {
      event.at = read_duration(*at, problems_, kNonNegativeDuration).value_or(event.at);
      if (duration_ && event.at > *duration_) {
        problems_.add(at->path, "is after the end of the script", "at most `duration`");
      }
    }
    if (const auto herd = object.optional("herd")) {
      const auto name = read_name(*herd, problems_);
      if (name) event.herd = names_.find_herd(*herd, *name, problems_);
      herd_known_ = event.herd.has_value();
    }
    const auto action_node = object.required("do", listed(names_of(kActions)));
    const auto action =
        action_node ? read_choice(*action_node, problems_, kActions, kLaterActions) : std::nullopt;
    if (!action) return event;  // what its parameters should be nobody knows
    read_action(*action, *action_node, object, event);
    refuse_parameters_of_others(*action, object);
    object.finish();
    return event;
  }

 private:
  static void refuse_parameters_of_others(Action action, ObjectReader& object) {
    const auto name = std::find_if(kActions.begin(), kActions.end(), [&](const auto& each) {
                        return each.value == action;
                      })->name;
    std::vector<std::string_view> own, done;
    for (const Parameter& each : kParameters) {
      if (each.action == name) own.push_back(each.key);
    }
    const std::string right = fmt::format("{} takes {}", quoted(name), listed(own, "and"));
    for (const Parameter& each : kParameters) {
      const auto is_key = [&](std::string_view key) { return key == each.key; };
      if (std::any_of(own.begin(), own.end(), is_key)) continue;
      if (std::any_of(done.begin(), done.end(), is_key)) continue;
      done.push_back(each.key);
      object.refuse(each.key,
                    fmt::format("belongs to {}, not to {}", quoted(each.action), quoted(name)),
                    right);
    }
  }

  void read_action(Action action, const JsonNode& action_node, ObjectReader& object, Event& event) {
    switch (action) {
      case Action::kLinkDown:
        if (const auto link = read_link(object, event)) {
          event.action = LinkDownEvent{link->first, link->second};
        }
        return;
      case Action::kLinkUp:
        if (const auto link = read_link(object, event)) {
          event.action = LinkUpEvent{link->first, link->second};
        }
        return;
      case Action::kBurst:
        return read_burst(object, event);
      case Action::kMove:
        return read_move(object, event);
      case Action::kSend:
        return read_send(object, event);
      case Action::kSetPlaces:
        return read_set_places(action_node, object, event);
    }
  }

  std::optional<std::pair<std::string, std::string>> read_link(ObjectReader& object,
                                                               const Event& event) {
    const auto node = object.required("link", R"(two servers, as ["Alford", "Welsh"])");
    if (!node) return std::nullopt;
    auto link = read_server_pair(*node, problems_);
    if (!link || !herd_known_) return link;
    const bool first = names_.check_server(node->item(0), link->first, event.herd, problems_);
    const bool second = names_.check_server(node->item(1), link->second, event.herd, problems_);
    if (first && second) {
      names_.check_link(*node, link->first, link->second, event.herd, problems_);
    }
    return link;
  }

  void read_burst(ObjectReader& object, Event& event) {
    BurstEvent burst;
    burst.server = read_server(object, "server", event).value_or("");
    if (const auto updates =
            object.required("updates", fmt::format("how many, from 1 to {}", kMaxBurstUpdates))) {
      burst.updates = static_cast<std::uint32_t>(
          read_whole(*updates, problems_, 1, kMaxBurstUpdates).value_or(1));
    }
    if (const auto clients = object.optional("clients")) {
      burst.clients =
          static_cast<std::uint32_t>(read_whole(*clients, problems_, 1, kMaxClients).value_or(1));
    }
    if (const auto over = object.optional("over")) {
      burst.over = read_duration(*over, problems_, kNonNegativeDuration).value_or(burst.over);
      if (duration_ && event.at <= *duration_ && burst.over > *duration_ - event.at) {
        problems_.add(over->path, "the burst goes on after the end of the script",
                      "`at` and `over` together at most `duration`");
      }
    }
    event.action = std::move(burst);
  }

  void read_move(ObjectReader& object, Event& event) {
    MoveEvent move;
    move.client = read_client(object);
    move.to = read_server(object, "to", event).value_or("");
    event.action = std::move(move);
  }

  void read_send(ObjectReader& object, Event& event) {
    constexpr std::string_view kLineRight = "a line without its ending";
    SendEvent send;
    send.client = read_client(object);
    if (const auto line = object.required("line", kLineRight)) {
      send.line = read_text(*line, problems_, kLineRight).value_or("");
      if (send.line.find('\n') != std::string::npos || send.line.ends_with('\r')) {
        problems_.add(line->path, "has a line ending in it", std::string(kLineRight));
      }
    }
    event.action = std::move(send);
  }

  void read_set_places(const JsonNode& action_node, ObjectReader& object, Event& event) {
    static constexpr std::array<std::string_view, 4> kFaults = {"latency", "fail", "cut", "quota"};
    event.action = read_places_faults(object, problems_);
    if (std::none_of(kFaults.begin(), kFaults.end(),
                     [&](std::string_view key) { return object.has(key); })) {
      problems_.add(object.node().path, "changes nothing", listed(kFaults));
    }
    if (herd_known_) names_.check_embedded_places(action_node, event.herd, problems_);
  }

  std::optional<std::string> read_server(ObjectReader& object, std::string_view key,
                                         const Event& event) {
    const auto node = object.required(key, "a server's name");
    auto name = node ? read_name(*node, problems_) : std::nullopt;
    if (name && herd_known_) names_.check_server(*node, *name, event.herd, problems_);
    return name;
  }

  std::string read_client(ObjectReader& object) {
    const auto node = object.required("client", "a client's id");
    if (!node) return "";
    const auto id = read_text(*node, problems_, "a client's id");
    if (id) names_.check_client(*node, *id, problems_);
    return id.value_or("");
  }

  std::optional<Duration> duration_;
  const Names& names_;
  Problems& problems_;
  bool herd_known_ = true;  // of the event being read
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
