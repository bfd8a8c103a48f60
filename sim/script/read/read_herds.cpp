#include "sim/script/read/read_herds.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>
#include <utility>

#include "core/random.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/read/read_central_herd.h"
#include "sim/script/read/read_clock_skew.h"
#include "sim/script/read/read_engine.h"
#include "sim/script/read/read_keep_alive.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_link_overrides.h"
#include "sim/script/read/read_links.h"
#include "sim/script/read/read_places.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/paper_herd.h"

namespace sim {
namespace {

constexpr std::string_view kServersRight = "a list of at least one server, or their number";
constexpr std::string_view kServerRight =
    R"(a name, or an object of "name", "at", "host", "port" and "skew")";
constexpr std::string_view kHostRight = R"(a numeric address, as "127.0.0.1" or "::1")";

// An address in the one form that the system writes it in; nullopt where it is no address.
std::optional<std::string> canonical_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (inet_pton(family, host.c_str(), address.data()) == 1 &&
        inet_ntop(family, address.data(), text.data(), text.size()) != nullptr) {
      return std::string(text.data());
    }
  }
  return std::nullopt;
}

class HerdsReader {
 public:
  HerdsReader(const ScenarioWide& scenario, const std::string& folder, Problems& problems)
      : scenario_(scenario), folder_(folder), problems_(problems) {}

  HerdRead read_herd(const JsonNode& node) {
    HerdRead herd;
    ObjectReader object(node, problems_, R"(an object with at least a "name")");
    if (!object.is_object()) return herd;
    if (const auto name = object.required("name", "the herd's name")) {
      herd.spec.name = read_herd_name(*name);
    }
    positions_known_ = true;
    herd.servers_known = read_servers(object.optional("servers"), herd.spec.servers);
    herd.positions_known = positions_known_;
    const auto engine = object.optional("engine");
    const bool is_central = engine && read_engine(*engine);
    herd::Random random(scenario_.seed, "herd/" + herd.spec.name + "/links");
    const auto links_node = object.optional("links");
    auto links = is_central && !links_node ? star_links(herd)
                                           : read_links(links_node, node, herd.spec,
                                                        herd.servers_known, random, problems_);
    herd.links_known = links.has_value();
    if (links) herd.spec.links = std::move(*links);
    if (const auto link = object.optional("link")) {
      herd.spec.link = read_link_conditions(*link, kLinkDirections, problems_);
    }
    if (const auto overrides = object.optional("link_overrides")) {
      herd.spec.override_of = read_link_overrides(*overrides, herd, problems_);
    }
    if (const auto propagation = object.optional("propagation")) {
      read_propagation(*propagation, herd.spec);
    }
    if (const auto recovery = object.optional("recovery")) {
      static const std::array kRecoveries = {named(herd::Recovery::kNone),
                                             named(herd::Recovery::kSync)};
      herd.spec.recovery =
          read_choice(*recovery, problems_, kRecoveries).value_or(herd.spec.recovery);
    }
    if (const auto order = object.optional("order")) {
      static const std::array kOrders = {named(herd::RecordOrder::kClientTime),
                                         named(herd::RecordOrder::kServerTime)};
      herd.spec.order = read_choice(*order, problems_, kOrders).value_or(herd.spec.order);
    }
    const Duration round_trip = longest_round_trip(herd.spec);
    if (const auto keep_alive = object.optional("keepalive")) {
      herd.spec.keep_alive = read_keep_alive(*keep_alive, round_trip, problems_);
    } else {
      herd.spec.keep_alive = default_keep_alive(round_trip);
    }
    herd.places_known = read_places(object.optional("places"), herd.spec);
    const VirtualModel model =
        read_virtual_model(object, scenario_.clock, scenario_.model, problems_);
    herd.spec.service_time = model.service_time;
    herd.spec.wire = model.wire;
    if (is_central) {
      read_central_herd(object, scenario_.clock, herd, problems_);
    } else {
      refuse_central_keys(object);
      if (engine && json_is_object(engine->json)) read_external(*engine, object, herd);
    }
    if (const auto loops = object.optional("loops")) read_loops(*loops, herd);
    object.finish();
    return herd;
  }

 private:
  // A choice by the name that core has for it.
  template <class T>
  static Choice<T> named(T value) {
    return {herd::to_string(value), value};
  }

  // There and back over the slowest link, as links are at the start.
  static Duration longest_round_trip(const HerdSpec& herd) {
    const auto round_trip = [](const TwoWayConditions& conditions) {
      return conditions.forward.latency + conditions.backward.latency;
    };
    Duration longest = round_trip(herd.link);
    for (const auto& [link, conditions] : herd.override_of) {
      longest = std::max(longest, round_trip(conditions));
    }
    return longest;
  }

  std::string read_herd_name(const JsonNode& node) {
    auto name = read_name(node, problems_);
    if (!name) return "";
    if (!herd_names_.insert(*name).second) {
      problems_.add(node.path, "there is a herd " + quoted(*name) + " already", "a name for each");
    }
    return std::move(*name);
  }

  // False where there are problems.
  bool read_servers(const std::optional<JsonNode>& node, std::vector<ServerSpec>& servers) {
    if (!node) {
      for (const std::string_view name : kPaperServers) servers.push_back(server_named(name));
      return true;
    }
    if (json_is_number(node->json)) {
      const auto count = read_whole(*node, problems_, 1, kMaxServers);
      if (!count) return false;
      for (std::int64_t i = 1; i <= *count; ++i)
        servers.push_back(server_named(fmt::format("S{}", i)));
      return true;
    }
    const auto size = read_list(*node, problems_, kServersRight);
    if (!size) return false;
    if (*size == 0 || *size > static_cast<std::size_t>(kMaxServers)) {
      problems_.add(node->path, fmt::format("is a list of {}", *size),
                    fmt::format("from 1 to {} servers", kMaxServers));
      return false;
    }
    bool good = true;
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i < *size; ++i) {
      const JsonNode item = node->item(i);
      auto server = read_server(item);
      if (server && !names.insert(server->name).second) {
        problems_.add(item.path, "there is a server " + quoted(server->name) + " already",
                      "a name for each");
        server.reset();
      }
      good = good && server.has_value();
      if (server) servers.push_back(std::move(*server));
    }
    return good;
  }

  static ServerSpec server_named(std::string_view name) {
    ServerSpec server;
    server.name = name;
    return server;
  }

  std::optional<ServerSpec> read_server(const JsonNode& node) {
    if (json_is_string(node.json)) {
      const auto name = read_name(node, problems_);
      if (!name) return std::nullopt;
      return server_named(*name);
    }
    ObjectReader object(node, problems_, kServerRight);
    if (!object.is_object()) return std::nullopt;
    ServerSpec server;
    const auto name_node = object.required("name", "the server's name");
    const auto name = name_node ? read_name(*name_node, problems_) : std::nullopt;
    if (name) server.name = *name;
    if (const auto at = object.optional("at")) {
      server.at = read_location(*at, problems_);
      positions_known_ = positions_known_ && server.at.has_value();
    }
    if (const auto skew = object.optional("skew")) server.skew = read_clock_skew(*skew, problems_);
    read_address(object, server);
    object.finish();
    // Its other values are reported by themselves; links and clients only need its name.
    if (!name) return std::nullopt;
    return server;
  }

  void read_address(ObjectReader& object, ServerSpec& server) {
    auto address = canonical_address(server.host);
    if (const auto host = object.optional("host")) {
      const auto text = read_text(*host, problems_, kHostRight);
      address = text ? canonical_address(*text) : std::nullopt;
      if (text && !address) {
        problems_.add(host->path, quoted(*text) + " is not an address", std::string(kHostRight));
      }
      if (address) server.host = *address;
    }
    const auto port = object.optional("port");
    const auto number = port ? read_whole(*port, problems_, 0, kMaxPort) : std::nullopt;
    if (!number || *number == 0) return;
    server.port = static_cast<std::uint16_t>(*number);
    if (!address) return;
    const auto [taken, is_new] = ports_.try_emplace({*address, server.port}, object.node().path);
    if (is_new) return;
    problems_.add(port->path,
                  fmt::format("port {} of {} is taken by {}", *number, *address, taken->second),
                  "a port for each, or 0 for any free one");
  }

  void read_propagation(const JsonNode& node, HerdSpec& herd) {
    static const std::array kSchemes = {named(herd::Scheme::kFloodEcho),
                                        named(herd::Scheme::kFlood)};
    std::optional<JsonNode> name = node;
    if (!json_is_string(node.json)) {
      ObjectReader object(node, problems_, R"(a scheme's name, or {"scheme": NAME})");
      if (!object.is_object()) return;
      name = object.required("scheme", R"("flood-echo" or "flood")");
      object.finish();
    }
    if (!name) return;
    herd.propagation = read_choice(*name, problems_, kSchemes).value_or(herd.propagation);
  }

  void read_loops(const JsonNode& node, HerdRead& herd) {
    if (herd.spec.external) return;  // it was refused
    const auto loops = read_whole(node, problems_, 1, kMaxLoops);
    if (!loops) return;
    const std::size_t servers = herd.spec.servers.size();
    if (*loops > 1 && scenario_.clock == ClockKind::kVirtual) {
      problems_.add(node.path, fmt::format("is {}, and virtual time has one loop for all", *loops),
                    R"(1, or "clock": "live")");
    } else if (herd.servers_known && static_cast<std::size_t>(*loops) > servers) {
      problems_.add(node.path,
                    fmt::format("is {} for {} server{}", *loops, servers, servers == 1 ? "" : "s"),
                    "at most one for each server");
    } else {
      herd.spec.loops = static_cast<std::uint32_t>(*loops);
    }
  }

  // False where not even the provider is known.
  bool read_places(const std::optional<JsonNode>& node, HerdSpec& herd) {
    if (!node) return true;
    auto places = sim::read_places(*node, folder_, problems_);
    if (!places) return false;
    herd.places = std::move(*places);
    if (scenario_.clock == ClockKind::kVirtual &&
        herd.places.provider != PlacesProvider::kEmbedded) {
      problems_.add(node->path, "asks a real provider, which virtual time cannot wait for",
                    R"("embedded", or "clock": "live")");
    }
    return true;
  }

  void read_external(const JsonNode& node, ObjectReader& object, HerdRead& herd) {
    if (scenario_.clock == ClockKind::kVirtual) {
      problems_.add(node.path, "is of real programs, which take real time", R"("clock": "live")");
    }
    herd.spec.external = sim::read_engine(node, folder_, herd.servers_known, herd.spec, problems_);
    if (!herd.spec.external) return;
    for (const std::string_view key :
         {"recovery", "order", "keepalive", "service_time", "wire", "loops"}) {
      object.refuse(key, "is of our own servers, and these are another program's",
                    R"(leave it out, or "engine": "native")");
    }
    if (!mentions(*herd.spec.external, "propagation")) {
      object.refuse("propagation", "is not told to the program that decides it",
                    "{propagation} in its command, or leave it out");
    }
    if (!mentions(*herd.spec.external, "places_url")) {
      object.refuse("places", "is not told to the program that asks",
                    "{places_url} in its command, or leave it out");
    }
    if (!herd.spec.reaches_links()) {
      for (const std::string_view key : {"link", "link_overrides"}) {
        object.refuse(key, "is of links that run through us, and these do not",
                      R"("observe": "links" in the engine, or leave it out)");
      }
    }
    for (const ServerSpec& server : herd.spec.servers) {
      if (server.skew == ClockSkew{}) continue;
      problems_.add(object.node().member_path("servers"),
                    "server " + quoted(server.name) + " has a skew, and reads a clock of its own",
                    R"(servers without "skew")");
      break;
    }
  }

  // Whether it is "central". Other programs are read once the rest of the herd is.
  bool read_engine(const JsonNode& node) {
    static constexpr std::array kEngines = {Choice<bool>{"native", false},
                                            Choice<bool>{"central", true}};
    if (json_is_object(node.json)) return false;
    return read_choice(node, problems_, kEngines).value_or(false);
  }

  // The first server with each of the others.
  static std::optional<std::vector<LinkSpec>> star_links(const HerdRead& herd) {
    if (!herd.servers_known) return std::nullopt;
    std::vector<LinkSpec> links;
    for (std::uint32_t i = 1; i < herd.spec.servers.size(); ++i) links.push_back({0, i});
    return links;
  }

  const ScenarioWide& scenario_;
  const std::string& folder_;
  Problems& problems_;
  bool positions_known_ = true;  // of the herd being read
  std::unordered_set<std::string> herd_names_;
  std::map<std::pair<std::string, std::uint16_t>, std::string> ports_;  // and who has them
};

}  // namespace

std::vector<HerdRead> read_herds(const JsonNode& node, const ScenarioWide& scenario,
                                 const std::string& folder, Problems& problems) {
  std::vector<HerdRead> herds;
  const auto size = read_list(node, problems, "a list of at least one herd");
  if (!size) return herds;
  if (*size == 0) problems.add(node.path, "is empty", "at least one herd");
  HerdsReader reader(scenario, folder, problems);
  for (std::size_t i = 0; i < *size; ++i) herds.push_back(reader.read_herd(node.item(i)));
  return herds;
}

}  // namespace sim
