#include "sim/script/read/read_servers.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <string_view>
#include <unordered_set>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_clock_skew.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/paper_herd.h"

namespace sim {
namespace {

constexpr std::string_view kServersRight = "a list of at least one server, or their number";
constexpr std::string_view kServerRight =
    R"(a name, or an object of "name", "at", "host", "port" and "skew")";
constexpr WholeKind kNumber{1, kMaxServers};

// Returns an address in the one form that the system writes it in; nullopt if it is not an address.
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

struct AddressKind {
  static std::optional<std::string> read(const JsonNode& node, Problems& problems) {
    const auto text = read_text(node, problems, allowed());
    if (!text) return std::nullopt;
    auto address = canonical_address(*text);
    if (!address) problems.add(node.path, quoted(*text) + " is not an address", allowed());
    return address;
  }
  static std::string allowed() { return R"(a numeric address, as "127.0.0.1" or "::1")"; }
  static Schema schema() { return R"("type": "string", "pattern": "^[0-9A-Fa-f:.]+$")"; }
  static std::string shown(const std::string& address) { return to_json(address); }
};

const Fields<ServerSpec>& servers_fields() {
  static const Fields<ServerSpec> kFields = {
      {"name", NameKind{}, &ServerSpec::name, "The server's name, which no other in its herd has.",
       required("the server's name")},
      {"at", LocationKind{}, &ServerSpec::at, "Where it stands."},
      {"skew", kClockSkew, &ServerSpec::skew, "How far its clock is off.", with_default(R"("0s")")},
      {"host", AddressKind{}, &ServerSpec::host, "The address that it listens on."},
      {"port", WholeKind{0, kMaxPort}, &ServerSpec::port,
       "The port that it listens on; 0 for any free one."},
  };
  return kFields;
}

ServerSpec server_named(std::string_view name) {
  ServerSpec server;
  server.name = name;
  return server;
}

}  // namespace

ServersRead ServersReader::read(const std::optional<JsonNode>& node) {
  ServersRead all;
  if (!node) {
    for (const std::string_view name : kPaperServers) all.servers.push_back(server_named(name));
    all.known = true;
    return all;
  }
  if (json_is_number(node->json)) {
    auto count = kNumber.read(*node, problems_);
    if (count && !has_room_for(*node, static_cast<std::size_t>(*count))) count.reset();
    for (std::int64_t i = 1; i <= count.value_or(0); ++i) {
      all.servers.push_back(server_named(fmt::format("S{}", i)));
    }
    all.known = count.has_value();
    return all;
  }
  const auto size = read_list(*node, problems_, kServersRight);
  if (!size) return all;
  if (*size == 0 || *size > static_cast<std::size_t>(kMaxServers)) {
    problems_.add(node->path, fmt::format("is a list of {}", *size),
                  fmt::format("from 1 to {} servers", kMaxServers));
    return all;
  }
  if (!has_room_for(*node, *size)) return all;
  all.known = true;
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < *size; ++i) {
    const JsonNode item = node->item(i);
    auto server = read_server(item, all);
    if (server && !names.insert(server->name).second) {
      problems_.add(item.path, "there is a server " + quoted(server->name) + " already",
                    "a name for each");
      server.reset();
    }
    all.known = all.known && server.has_value();
    if (server) all.servers.push_back(std::move(*server));
  }
  return all;
}

bool ServersReader::has_room_for(const JsonNode& node, std::size_t servers) {
  all_servers_ += servers;
  if (all_servers_ <= static_cast<std::size_t>(kMaxServers)) return true;
  problems_.add(node.path, fmt::format("makes {} servers in all herds so far", all_servers_),
                fmt::format("at most {} in all herds together", kMaxServers));
  return false;
}

std::optional<ServerSpec> ServersReader::read_server(const JsonNode& node, ServersRead& all) {
  if (json_is_string(node.json)) {
    const auto name = NameKind{}.read(node, problems_);
    if (!name) return std::nullopt;
    return server_named(*name);
  }
  ObjectReader object(node, problems_, kServerRight);
  if (!object.is_object()) return std::nullopt;
  ServerSpec server;
  read_fields(object, servers_fields(), server);
  if (object.has("at") && !server.at) all.positions_known = false;
  check_port(object, server);
  object.finish();
  // Problems with its other values are reported; links and clients only need its name.
  if (server.name.empty()) return std::nullopt;
  return server;
}

void ServersReader::check_port(const ObjectReader& object, const ServerSpec& server) {
  const json_t* const host = json_object_get(object.node().json, "host");
  const bool is_host_known = host == nullptr || canonical_address(std::string(string_of(host)));
  if (server.port == 0 || !is_host_known) return;
  const auto [taken, is_new] = ports_.try_emplace({server.host, server.port}, object.node().path);
  if (is_new) return;
  problems_.add(
      object.node().member_path("port"),
      fmt::format("port {} of {} is taken by {}", server.port, server.host, taken->second),
      "a port for each, or 0 for any free one");
}

Schema ServersReader::schema() {
  const Schema server = object_schema(servers_fields()).defined_as("server");
  return one_of(
      {fmt::format(R"("type": "array", "minItems": 1, "maxItems": {}, "uniqueItems": true)",
                   kMaxServers) +
           one_of({NameKind{}.schema(), server}).as("items"),
       kNumber.schema()});
}

}  // namespace sim
