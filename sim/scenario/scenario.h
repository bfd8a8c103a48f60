// A scenario as data: what a validated file says, every default filled in and every name known to
// exist. Nothing here is random and nothing depends on the world it is played in. The language is
// explained in scenarios/README.md and published as scenarios/scenario.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/geodesy.h"
#include "core/propagation.h"
#include "core/time.h"
#include "sim/places/places_faults.h"

namespace sim {

using herd::Duration;
using herd::GeoPoint;

// Where clients are when nobody says otherwise: the example of the protocol (UCLA).
inline constexpr GeoPoint kDefaultLocation{34.068930, -118.445127};

enum class ClockKind { kLive };
enum class RecordLevel { kSummary, kUpdates, kDeliveries };

struct ServerSpec {
  std::string name;
  std::optional<GeoPoint> at;
  std::string host = "127.0.0.1";  // a numeric address
  std::uint16_t port = 0;          // 0: any free one
  Duration skew{0};                // its clock minus true time
};

// Places in HerdSpec::servers, first < second: `first` is listed first and dials.
struct LinkSpec {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

// Where WHATSAT asks.
enum class PlacesProvider {
  kEmbedded,  // a Nearby Search server of the run's own
  kGoogle,    // Google's, or whatever speaks like it at base_url
};
struct PlacesSpec {
  PlacesProvider provider = PlacesProvider::kEmbedded;
  PlacesFaults faults;  // of the embedded provider, from the start
  std::string data;     // its file, CSV or GeoJSON, beside the scenario; empty: the cities built in
  std::string key_env;  // the environment variable that holds the API key; empty: no key is sent
  std::string base_url;  // of Google's; never empty for it
  Duration connect_timeout = std::chrono::seconds(2);
  Duration timeout = std::chrono::seconds(5);  // of the whole question
};

struct HerdSpec {
  std::string name;
  std::vector<ServerSpec> servers;
  std::vector<LinkSpec> links;
  herd::Scheme propagation = herd::Scheme::kFloodEcho;
  PlacesSpec places;

  // The server of that name, if there is one.
  std::optional<std::uint32_t> find_server(const std::string& server) const;
  // The link between two servers, in either order, by its place in `links`.
  std::optional<std::uint32_t> find_link(std::uint32_t a, std::uint32_t b) const;
};

// How a client group's members choose their first server.
struct SpreadServers {};  // client n at server n modulo N
using ServerChoice = std::variant<SpreadServers, std::string>;

enum class Arrivals { kSteady, kPoisson };
struct UpdateSchedule {
  Duration period{0};  // the mean between two updates of one client; > 0
  Arrivals arrivals = Arrivals::kSteady;
};

// Stands where it starts.
struct StillMobility {};
// Walks from its start along great circles to each point in turn, at a ground speed.
struct WaypointMobility {
  std::vector<GeoPoint> points;  // at least one
  double speed_mps = 0;          // > 0
  bool loop = false;             // after the last point: back to the start and on; else it stays
};
using Mobility = std::variant<StillMobility, WaypointMobility>;

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

struct ClientGroup {
  std::string id;  // as written; {n} stands for the member's number, from 0
  std::uint32_t count = 1;
  ServerChoice server;
  GeoPoint start = kDefaultLocation;
  Mobility mobility;
  std::optional<UpdateSchedule> updates;
  std::optional<QuerySchedule> queries;
  Duration skew{0};  // the client's clock minus true time

  // The id of member n in [0, count).
  std::string member_id(std::uint32_t n) const;
};

struct LinkDownEvent {
  std::string first, second;  // servers, in the order written
};
struct LinkUpEvent {
  std::string first, second;
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
    std::variant<LinkDownEvent, LinkUpEvent, BurstEvent, MoveEvent, SendEvent, SetPlacesEvent>;

struct Event {
  Duration at{0};
  std::optional<std::uint32_t> herd;  // a place in Scenario::herds; none: all of them
  EventAction action;

  bool concerns(std::uint32_t herd_index) const { return !herd || *herd == herd_index; }
};

struct Expectation {
  std::string herd;    // a herd's name, or "*" for each
  std::string metric;  // a numeric column of summary.csv
  std::optional<double> equals, min, max;
};

struct Scenario {
  std::string file;  // where it was read from, as given
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  ClockKind clock = ClockKind::kLive;
  Duration duration{0};
  Duration drain = std::chrono::seconds(2);
  RecordLevel record = RecordLevel::kDeliveries;
  std::vector<HerdSpec> herds;
  std::vector<ClientGroup> clients;
  std::vector<Event> events;  // by time, in file order where times are equal
  std::vector<Expectation> expect;
  std::string as_run;  // the JSON it was read from, overrides applied: what run.json shows
};

}  // namespace sim
