// The names of everything that can happen in a run: the values of `do` in a scenario, and the words
// of events.csv and plan.csv. No other file spells these names, except documentation and tests.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace sim {

// The part of the program that an event concerns.
enum class EventKind {
  kBegins,    // a fault of one link or server begins; it lasts until a kEnds event ends it
  kEnds,      // such a fault ends
  kSingle,    // a fault that no other event ends
  kCompound,  // faults that are computed from the event; events.csv lists each of them too
  kClients,   // actions of clients in the script
  kOutcome,   // effects of the script; only in events.csv
  kPlanned,   // actions of clients by their schedules; only in plan.csv
};

struct EventInfo {
  std::string_view name;
  EventKind kind;
  std::string_view meaning;  // in one sentence
};

// Lists of events in errors and in the JSON Schema have this order.
inline constexpr std::array kEvents = {
    EventInfo{"link_down", EventKind::kBegins, "Cuts the link of two servers."},
    EventInfo{"link_up", EventKind::kEnds, "Lets a link that was cut be dialled again."},
    EventInfo{"burst", EventKind::kClients,
              "Sends a number of updates to one server, by clients made for it."},
    EventInfo{"move", EventKind::kClients, "A client goes to another server."},
    EventInfo{"send", EventKind::kClients, "A client sends this line."},
    EventInfo{"set_places", EventKind::kSingle,
              "Changes the faults of the embedded Places provider; what is not named stays."},
    EventInfo{"partition", EventKind::kCompound,
              "Cuts every link between servers of different groups."},
    EventInfo{"heal", EventKind::kCompound, "Ends the partition."},
    EventInfo{"server_down", EventKind::kBegins,
              "Kills a server: its port is closed and its memory is lost."},
    EventInfo{"server_up", EventKind::kEnds, "Starts a server that was down; it has no records."},
    EventInfo{"pause", EventKind::kBegins, "Stops a server from reading and from doing anything."},
    EventInfo{"resume", EventKind::kEnds, "Lets a paused server continue."},
    EventInfo{"set_link", EventKind::kSingle,
              "Changes the conditions of a link; what is not named stays."},
    EventInfo{"flap", EventKind::kCompound,
              "Takes a link or a server down and up at random; it is up at the end."},
    EventInfo{"chaos", EventKind::kCompound,
              "Makes faults at random, at these rates in the whole herd; all end in time."},
    EventInfo{"link_lost", EventKind::kOutcome,
              "One endpoint of a link that was up has closed it."},
    EventInfo{"link_proven", EventKind::kOutcome,
              "The handshake of a link is complete at both endpoints."},
    EventInfo{"link_in_step", EventKind::kOutcome, "Both endpoints of a link are synchronized."},
    EventInfo{"map_changed", EventKind::kOutcome, "A server routes by another map of the herd."},
    EventInfo{"tree_changed", EventKind::kOutcome,
              "What a link is in a tree, or in a mesh, has changed for one of its servers."},
    EventInfo{"server_ended", EventKind::kOutcome, "A process of an engine ended by itself."},
    EventInfo{"flood_goes_on", EventKind::kOutcome,
              "Servers of an engine still sent each other updates after the drain."},
    EventInfo{"connect", EventKind::kPlanned, "A client connects to its first server."},
    EventInfo{"update", EventKind::kPlanned, "A client reports its location."},
    EventInfo{"query", EventKind::kPlanned, "A client asks for places near a client."},
    EventInfo{"line", EventKind::kPlanned, "A client sends a line of the script."},
};

// A name of the table. A literal that is not in the table does not compile.
class EventName {
 public:
  consteval EventName(const char* name)
      : info_(std::find_if(kEvents.begin(), kEvents.end(),
                           [&](const EventInfo& each) { return each.name == name; })) {
    if (info_ == kEvents.end()) throw "no such event in kEvents";
  }

  constexpr std::string_view text() const { return info_->name; }
  // Returns its place in kEvents.
  constexpr std::ptrdiff_t place() const { return info_ - kEvents.begin(); }
  constexpr EventKind kind() const { return info_->kind; }
  constexpr std::string_view meaning() const { return info_->meaning; }

 private:
  const EventInfo* info_;
};

// Returns the row of a name that is known only at run time; nullptr if it is not in the table.
constexpr const EventInfo* find_event(std::string_view name) {
  const auto* const found = std::find_if(kEvents.begin(), kEvents.end(),
                                         [&](const EventInfo& each) { return each.name == name; });
  return found == kEvents.end() ? nullptr : found;
}

// Returns the name of the alternative that a variant of events or faults holds.
template <class... Kinds>
constexpr EventName name_of(const std::variant<Kinds...>& any) {
  return std::visit([]<class Kind>(const Kind&) { return Kind::kName; }, any);
}

}  // namespace sim
