// A herd of servers, as a scenario describes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/geodesy.h"
#include "core/keep_alive.h"
#include "core/outbox.h"
#include "core/propagation.h"
#include "core/record_order.h"
#include "core/record_store.h"
#include "core/recovery.h"
#include "sim/script/spec/central_spec.h"
#include "sim/script/spec/clock_skew.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/script/spec/places_faults.h"

namespace sim {

struct ServerSpec {
  std::string name;
  std::optional<herd::GeoPoint> at;
  std::string host = "127.0.0.1";  // a numeric address
  std::uint16_t port = 0;          // 0: any free port
  ClockSkew skew;
};

// Two indices into HerdSpec::servers, with first < second. `first` dials.
struct LinkSpec {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

// Where WHATSAT asks for places.
enum class PlacesProvider {
  kEmbedded,  // a Nearby Search server inside herdsim
  kGoogle,    // Google's server, or any compatible one at base_url
};
struct PlacesSpec {
  PlacesProvider provider = PlacesProvider::kEmbedded;
  PlacesFaults faults;  // of the embedded provider, from the start
  // The embedded provider's CSV or GeoJSON file, relative to the scenario's folder; empty: the
  // built-in cities.
  std::string data;
  std::string key_env;   // the environment variable with the API key; empty: no key is sent
  std::string base_url;  // of the kGoogle provider; never empty for it
  Duration connect_timeout = std::chrono::seconds(2);
  Duration timeout = std::chrono::seconds(5);  // of the whole request
};

// The form of AT lines between servers in virtual time. The figures are the same for both.
enum class Wire {
  kValues,  // parsed values; the bytes of their text are counted
  kText,    // the bytes themselves; they pass through framing and parsing
};

// How servers collect records before they send them: see core/outbox.h.
struct BatchSpec {
  herd::OutboxSpec::Mode mode = herd::OutboxSpec::Mode::kPace;
  Duration wait{0};
  std::unordered_map<std::uint32_t, Duration> wait_of;  // by server, of those with another wait
  std::size_t max = 100;

  herd::OutboxSpec of_server(std::uint32_t server) const {
    const auto own = wait_of.find(server);
    return {mode, own == wait_of.end() ? wait : own->second, max, std::nullopt};
  }
};

struct HerdSpec {
  std::string name;
  std::vector<ServerSpec> servers;
  std::vector<LinkSpec> links;
  TwoWayConditions link;  // of every link …
  // … except these; the key is an index into `links`.
  std::unordered_map<std::uint32_t, TwoWayConditions> override_of;
  herd::Scheme propagation = herd::Scheme::kFloodEcho;
  std::optional<BatchSpec> batch;            // nullopt: every record goes out in its own line
  std::optional<std::size_t> outbox_window;  // see core/outbox.h
  herd::Recovery recovery = herd::Recovery::kNone;
  // With recovery: how long after a comparison two neighbours compare again; nullopt: they compare
  // when their link comes up.
  std::optional<Duration> compare_every;
  herd::RecordOrder order = herd::RecordOrder::kClientTime;
  // How far a report may be ahead of its server's clock; nullopt: any time.
  std::optional<Duration> max_ahead;
  // Nullopt: links send no keep-alives.
  std::optional<herd::KeepAlive> keep_alive = herd::KeepAlive{};
  // The longest round trip that an event gives a link; 0: none does.
  Duration set_round_trip{0};
  bool steady = true;                // no event makes lines late that are not lost
  herd::RecordLimits record_limits;  // of each server
  PlacesSpec places;
  Duration service_time{0};  // the time that a server takes for each line; in virtual time only
  Wire wire = Wire::kValues;
  // Set if the servers are front ends of one database; the links are those to the database. Nullopt
  // for every other herd.
  std::optional<CentralSpec> central;
  std::optional<EngineSpec> external;  // nullopt: our own servers, or a central herd's
  // The number of threads for our own servers, each with its own event loop. Server s runs on loop
  // s % loops. Not more than the number of servers; 1 in virtual time.
  std::uint32_t loops = 1;

  // Whether servers keep what they send in a queue.
  bool has_outbox() const { return batch || outbox_window; }
  // Returns the server's outbox; nullopt if it has none.
  std::optional<herd::OutboxSpec> outbox_of(std::uint32_t server) const {
    if (!has_outbox()) return std::nullopt;
    herd::OutboxSpec outbox;
    outbox.max = 1;
    if (batch) outbox = batch->of_server(server);
    outbox.window = outbox_window;
    return outbox;
  }
  bool is_served_elsewhere() const { return external && external->is_served_elsewhere(); }
  // Returns whether `herdsim serve` can host its servers.
  bool can_be_served() const { return !central && (!external || is_served_elsewhere()); }
  // Returns whether herdsim can cut, slow down and count this herd's links.
  bool reaches_links() const {
    return !external || std::holds_alternative<WatchLinks>(external->watch);
  }
  // Returns the index of the server with this name; nullopt if there is none.
  std::optional<std::uint32_t> find_server(const std::string& server) const;
  // Returns the index in `links` of the link between two servers, in either order; nullopt if there
  // is none.
  std::optional<std::uint32_t> find_link(std::uint32_t a, std::uint32_t b) const;
  // Returns the conditions of a link at the start.
  const TwoWayConditions& conditions_of(std::uint32_t link_index) const {
    const auto found = override_of.find(link_index);
    return found == override_of.end() ? link : found->second;
  }
};

}  // namespace sim
