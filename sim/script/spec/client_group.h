// A group of clients, as a scenario describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sim/script/spec/clock_skew.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/mobility_spec.h"

namespace sim {

// The location of clients without a start of their own: the example of the protocol (UCLA).
inline constexpr GeoPoint kDefaultLocation{34.068930, -118.445127};

// How a client group's members choose their first server.
struct SpreadServers {};  // client n uses server n modulo N
struct NearestServer {};  // the nearest server, also as the client moves
using ServerChoice = std::variant<SpreadServers, NearestServer, std::string>;

enum class Arrivals { kSteady, kPoisson };

// A rate that changes linearly.
struct Ramp {
  double from_per_s = 0, to_per_s = 0;  // not both zero
  Duration over{0};                     // from time zero on; afterwards the rate is `to_per_s`
};
struct UpdateSchedule {
  // The mean time between two updates of one client; > 0 unless there is a ramp.
  Duration period{0};
  Arrivals arrivals = Arrivals::kSteady;
  std::optional<Ramp> ramp = std::nullopt;  // replaces the period
};

// The client that a query is about.
struct AboutSelf {};     // the client that asks
struct AboutAnother {};  // another client, drawn again for each query; itself if it is the only one
struct AboutRandom {};   // any client, drawn again for each query
using About = std::variant<AboutSelf, AboutAnother, AboutRandom, std::string>;  // or a client's id

// WHATSATs of each client. Their times are chosen in the same way as those of updates.
struct QuerySchedule {
  UpdateSchedule times;
  std::string radius_km = "10";  // in the notation of WHATSAT
  int bound = 5;                 // 1 to 20
  About about;
};

// When a client leaves one server for another, and which server it goes to.
enum class NextServer {
  kNext,     // the server that the herd lists after the current one
  kRandom,   // another server, drawn again each time
  kNearest,  // the server nearest to the client's location then, except the current server
};
struct Handover {
  std::optional<UpdateSchedule> times;  // moves at these times …
  NextServer to = NextServer::kNext;    // … to this server
  // For `"server": "nearest"`. At each check the client moves if another server is nearer than its
  // own by more than the hysteresis.
  double hysteresis_m = 50;
  Duration check = std::chrono::seconds(1);
  // The server to go to if the connection to the current one is lost. Nullopt: the client dials the
  // same server again.
  std::optional<NextServer> on_loss = std::nullopt;
};

struct ClientGroup {
  std::string id;  // as written; {n} becomes the member's number, from 0
  std::uint32_t count = 1;
  ServerChoice server;
  GeoPoint start = kDefaultLocation;
  // If false, a mobility model that has an area or places of its own chooses the start.
  bool start_given = false;
  Mobility mobility;
  Handover handover;
  std::optional<UpdateSchedule> updates;
  std::optional<QuerySchedule> queries;
  ClockSkew skew;
  TwoWayConditions link;  // its members' access links; forward is from the client to the server

  // Returns the id of member n in [0, count).
  std::string member_id(std::uint32_t n) const;
};

}  // namespace sim
