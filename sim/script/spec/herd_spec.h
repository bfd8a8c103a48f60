// A herd of servers, as a scenario says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/geodesy.h"
#include "core/keep_alive.h"
#include "core/propagation.h"
#include "core/record_order.h"
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
  std::uint16_t port = 0;          // 0: any free one
  ClockSkew skew;
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

// How AT lines travel in virtual time; the figures are the same.
enum class Wire {
  kValues,  // as parsed values, with the bytes counted that they would have had
  kText,    // as the bytes themselves, through framing and parsing
};

struct HerdSpec {
  std::string name;
  std::vector<ServerSpec> servers;
  std::vector<LinkSpec> links;
  TwoWayConditions link;                                            // of every link …
  std::unordered_map<std::uint32_t, TwoWayConditions> override_of;  // … but for these
  herd::Scheme propagation = herd::Scheme::kFloodEcho;
  herd::Recovery recovery = herd::Recovery::kNone;
  herd::RecordOrder order = herd::RecordOrder::kClientTime;
  std::optional<herd::KeepAlive> keep_alive = herd::KeepAlive{};  // none: links say nothing of it
  PlacesSpec places;
  Duration service_time{0};  // that a server takes for each line; of virtual time only
  Wire wire = Wire::kValues;
  // Front ends of one database instead; its links are those to the database. None: a herd.
  std::optional<CentralSpec> central;
  std::optional<EngineSpec> external;  // none: its servers are our own
  // Threads that our own servers are spread over, each with an event loop: server s is on loop
  // s % loops. Not more than there are servers; 1 in virtual time.
  std::uint32_t loops = 1;

  // Whether its links are ours to cut, slow down and count.
  bool reaches_links() const {
    return !external || std::holds_alternative<WatchLinks>(external->watch);
  }
  // The server of that name, if there is one.
  std::optional<std::uint32_t> find_server(const std::string& server) const;
  // The link between two servers, in either order, by its place in `links`.
  std::optional<std::uint32_t> find_link(std::uint32_t a, std::uint32_t b) const;
  // What a link is like at the start.
  const TwoWayConditions& conditions_of(std::uint32_t link_index) const {
    const auto found = override_of.find(link_index);
    return found == override_of.end() ? link : found->second;
  }
};

}  // namespace sim
