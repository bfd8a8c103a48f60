// What the director does to a herd of a world: one step of what a scenario's events come to.
//
// To add one: write its struct here and add it to Fault. Every world then fails to compile until it
// has the fault's effect. `kName` is the event that stands for it in events.csv and plan.csv.
#pragma once

#include <cstdint>
#include <variant>

#include "sim/script/spec/cut_how.h"
#include "sim/script/spec/event_names.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/places_faults.h"

namespace sim {

// `link` is a place in HerdSpec::links, `server` one in HerdSpec::servers.

// Ends the link's connection now, at both ends, and keeps it from being dialled; messages in flight
// are lost. A blackhole leaves the connection open at both ends, but nothing comes through. Only of
// a link that is not cut.
struct CutLink {
  static constexpr EventName kName = "link_down";
  std::uint32_t link = 0;
  CutHow how = CutHow::kClose;
};

// Lets the link be dialled again, and has it dialled at once. If it was a blackhole and an end
// still has its connection, messages in flight arrive late. Only of a link that is cut.
struct RestoreLink {
  static constexpr EventName kName = "link_up";
  std::uint32_t link = 0;
};

// Sets the link's conditions from now on; messages in flight keep theirs.
struct SetLink {
  static constexpr EventName kName = "set_link";
  std::uint32_t link = 0;
  TwoWayConditions conditions;
};

// Kills the server: its port is closed, its connections are reset, its memory is lost. Only of one
// that is up, paused or not.
struct StopServer {
  static constexpr EventName kName = "server_down";
  std::uint32_t server = 0;
};

// Starts the server on its port with empty memory. Only of one that is down.
struct StartServer {
  static constexpr EventName kName = "server_up";
  std::uint32_t server = 0;
};

// The server reads nothing and does nothing until it is resumed; its connections stay open. Has no
// effect on a server that is down.
struct PauseServer {
  static constexpr EventName kName = "pause";
  std::uint32_t server = 0;
};

struct ResumeServer {
  static constexpr EventName kName = "resume";
  std::uint32_t server = 0;
};

// Sets the faults that the herd's embedded Places provider makes from now on.
struct SetPlaces {
  static constexpr EventName kName = "set_places";
  PlacesFaults faults;
};

using Fault = std::variant<CutLink, RestoreLink, SetLink, StopServer, StartServer, PauseServer,
                           ResumeServer, SetPlaces>;

}  // namespace sim
