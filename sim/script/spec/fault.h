// The director's actions on a herd of a world. Each is one step that results from a scenario's
// events.
//
// To add one, write its struct here and add it to Fault. Every world then fails to compile until it
// has the fault's effect. `kName` is the name of the fault in events.csv and plan.csv.
#pragma once

#include <cstdint>
#include <variant>

#include "sim/script/spec/cut_how.h"
#include "sim/script/spec/event_names.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/places_faults.h"

namespace sim {

// `link` is an index into HerdSpec::links, `server` into HerdSpec::servers.

// Ends the link's connection now, at both endpoints, and prevents dials. Messages in flight are
// lost. A blackhole leaves the connection open at both endpoints, but no message gets through in
// the directions `ways`; other cuts are of both. The link must not be cut already.
struct CutLink {
  static constexpr EventName kName = "link_down";
  std::uint32_t link = 0;
  CutHow how = CutHow::kClose;
  CutWays ways = CutWays::kBoth;
};

// Allows dials again, and dials the link at once. If it was a blackhole and an endpoint still has
// its connection, messages in flight arrive late. The link must be cut.
struct RestoreLink {
  static constexpr EventName kName = "link_up";
  std::uint32_t link = 0;
};

// Sets the link's conditions from now on. Messages in flight keep the old ones, except that those
// which still wait for bandwidth go out at the new rate.
struct SetLink {
  static constexpr EventName kName = "set_link";
  std::uint32_t link = 0;
  TwoWayConditions conditions;
};

// Kills the server: its port is closed, its connections are reset, its memory is lost. The server
// must be up; it may be paused.
struct StopServer {
  static constexpr EventName kName = "server_down";
  std::uint32_t server = 0;
};

// Starts the server on its port, with empty memory. The server must be down.
struct StartServer {
  static constexpr EventName kName = "server_up";
  std::uint32_t server = 0;
};

// The server reads nothing and does nothing until it is resumed. Its connections stay open. Has no
// effect on a server that is down.
struct PauseServer {
  static constexpr EventName kName = "pause";
  std::uint32_t server = 0;
};

struct ResumeServer {
  static constexpr EventName kName = "resume";
  std::uint32_t server = 0;
};

// Sets the faults of the herd's embedded Places provider from now on.
struct SetPlaces {
  static constexpr EventName kName = "set_places";
  PlacesFaults faults;
};

using Fault = std::variant<CutLink, RestoreLink, SetLink, StopServer, StartServer, PauseServer,
                           ResumeServer, SetPlaces>;

}  // namespace sim
