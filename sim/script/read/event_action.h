// An action of an event, as "do" names it: its keys, and how they are read.
#pragma once

#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/script/read/event_reader.h"
#include "sim/script/read/fields.h"

namespace sim {

struct Action {
  EventName name;
  std::vector<std::string_view> keys;  // in addition to "at", "herd" and "do"
  std::function<Properties()> describe;
  std::function<EventAction(const EventReader&)> read;
  Schema rule = "";  // what else holds of the keys
};

template <class E>
using EventFields = Fields<E, const EventReader>;

// An action whose keys are those of a table. `check`, which may be null, gets the event as read.
template <class E>
Action action_of(const EventFields<E>& fields, void (*check)(const EventReader&, E&) = nullptr,
                 Schema rule = "") {
  Action action{E::kName, keys_of(fields), [&fields] { return properties_of(fields); }, nullptr,
                std::move(rule)};
  action.read = [&fields, check](const EventReader& reader) {
    E event;
    read_fields(reader.object, fields, event, reader);
    if (check != nullptr) check(reader, event);
    return EventAction(std::move(event));
  };
  return action;
}

// Goes into the member `server` of an event.
template <class E>
void set_server(const EventReader& reader, const JsonNode& node, const std::string& name,
                E& event) {
  reader.check_server(node, name);
  event.server = name;
}

}  // namespace sim
