// A group of clients, as a scenario says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/script/spec/clock_skew.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// Where clients are when nobody says otherwise: the example of the protocol (UCLA).
inline constexpr GeoPoint kDefaultLocation{34.068930, -118.445127};

// How a client group's members choose their first server.
struct SpreadServers {};  // client n at server n modulo N
struct NearestServer {};  // and go on to the nearest as they move
using ServerChoice = std::variant<SpreadServers, NearestServer, std::string>;

enum class Arrivals { kSteady, kPoisson };

// A rate that changes evenly.
struct Ramp {
  double from_per_s = 0, to_per_s = 0;  // not both zero
  Duration over{0};                     // from time zero on; after it, `to_per_s`
};
struct UpdateSchedule {
  Duration period{0};  // the mean between two updates of one client; > 0 unless there is a ramp
  Arrivals arrivals = Arrivals::kSteady;
  std::optional<Ramp> ramp = std::nullopt;  // instead of the period
};

// Whom a query is about.
struct AboutSelf {};     // the client that asks
struct AboutAnother {};  // another client, drawn anew for each query; itself where it is alone
struct AboutRandom {};   // any client, drawn anew for each query
using About = std::variant<AboutSelf, AboutAnother, AboutRandom, std::string>;  // or a client's id

// WHATSATs of each client, at the same kind of times as updates.
struct QuerySchedule {
  UpdateSchedule times;
  std::string radius_km = "10";  // as WHATSAT says it
  int bound = 5;                 // 1 to 20
  About about;
};

// When a client leaves one server for another, and for which.
enum class NextServer {
  kNext,     // the one listed behind the one it is at
  kRandom,   // another one, drawn anew
  kNearest,  // the one nearest to where it is then; of those it is not at
};
struct Handover {
  std::optional<UpdateSchedule> times;  // moves at these times …
  NextServer to = NextServer::kNext;    // … to this one
  // For `"server": "nearest"`: at each check it moves where another server is nearer than its own
  // by more than the hysteresis.
  double hysteresis_m = 50;
  Duration check = std::chrono::seconds(1);
  // Where it goes when its server is gone; none: it dials the same one again.
  std::optional<NextServer> on_loss = std::nullopt;
};

struct ClientGroup {
  std::string id;  // as written; {n} stands for the member's number, from 0
  std::uint32_t count = 1;
  ServerChoice server;
  GeoPoint start = kDefaultLocation;
  bool start_given = false;  // else a mobility that has places of its own draws one
  Mobility mobility;
  Handover handover;
  std::optional<UpdateSchedule> updates;
  std::optional<QuerySchedule> queries;
  ClockSkew skew;
  TwoWayConditions link;  // its members' access links: forward is from the client to the server

  // The id of member n in [0, count).
  std::string member_id(std::uint32_t n) const;
};

}  // namespace sim
