#include "sim/engines/external/engine_words.h"

#include <fmt/format.h>

#include "core/propagation.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

class Filler {
 public:
  Filler(const HerdSpec& herd, const EngineFacts& facts, std::uint32_t server)
      : herd_(herd), facts_(facts), server_(server), adjacency_(make_adjacency(herd)) {}

  std::string value_of(const Placeholder& each) const {
    const std::string_view name = each.name;
    const ServerSpec& self = herd_.servers[server_];
    if (name == "server") return self.name;
    if (name == "port" && each.argument.empty()) return std::to_string(facts_.ports[server_]);
    if (name == "port")
      return std::to_string(port_of(*herd_.find_server(std::string(each.argument))));
    if (name == "host") return self.host;
    if (name == "herd") return herd_.name;
    if (name == "secret") return facts_.secret;
    if (name == "places_url") return facts_.places_url;
    if (name == "herdsim") return facts_.herdsim;
    if (name == "propagation") return std::string(herd::to_string(herd_.propagation));
    if (name == "dial") return neighbors(&Filler::address_of, true, false);
    if (name == "expect") return neighbors(&Filler::name_of, false, true);
    if (name == "neighbors") return neighbors(&Filler::address_of, true, true);
    if (name == "neighbor_names") return neighbors(&Filler::name_of, true, true);
    if (name == "neighbor_ports") return neighbors(&Filler::port_words, true, true);
    if (name == "ports") return fmt::format("{}", fmt::join(facts_.ports, ","));
    std::string servers;  // of {servers}
    for (std::uint32_t s = 0; s < herd_.servers.size(); ++s) {
      if (s > 0) servers += ',';
      servers += herd_.servers[s].name + '=' + address(herd_.servers[s].host, port_of(s));
    }
    return servers;
  }

 private:
  // Returns the port at which this process finds a server: a neighbour's is its link's, others are
  // the servers' own.
  std::uint16_t port_of(std::uint32_t server) const {
    if (herd_.external->program->per == ProcessPer::kServer) {
      for (const Adjacent& there : adjacency_[server_]) {
        if (there.peer == server) return neighbor_port(there);
      }
    }
    return facts_.ports[server];
  }
  std::uint16_t neighbor_port(const Adjacent& there) const {
    return facts_.neighbor_ports[there.link][there.dials ? 0 : 1];
  }
  static std::string address(const std::string& host, std::uint16_t port) {
    return host.find(':') == host.npos ? fmt::format("{}:{}", host, port)
                                       : fmt::format("[{}]:{}", host, port);
  }
  std::string name_of(const Adjacent& there) const { return herd_.servers[there.peer].name; }
  std::string port_words(const Adjacent& there) const {
    return std::to_string(neighbor_port(there));
  }
  std::string address_of(const Adjacent& there) const {
    // A relay listens on the loopback, whatever the neighbour's host.
    const bool relayed = neighbor_port(there) != facts_.ports[there.peer];
    return name_of(there) + '=' +
           address(relayed ? "127.0.0.1" : herd_.servers[there.peer].host, neighbor_port(there));
  }
  std::string neighbors(std::string (Filler::*words)(const Adjacent&) const, bool dialled,
                        bool expected) const {
    std::string out;
    for (const Adjacent& there : adjacency_[server_]) {
      if (!(there.dials ? dialled : expected)) continue;
      if (!out.empty()) out += ',';
      out += (this->*words)(there);
    }
    return out;
  }

  const HerdSpec& herd_;
  const EngineFacts& facts_;
  const std::uint32_t server_;
  const Adjacency adjacency_;
};

}  // namespace

EngineWords engine_words(const HerdSpec& herd, const EngineFacts& facts, std::uint32_t server) {
  const Filler filler(herd, facts, server);
  const auto fill = [&](const std::string& text) {
    return fill_in(text, [&](const Placeholder& each) { return filler.value_of(each); });
  };
  EngineWords words;
  for (const std::string& text : herd.external->program->command)
    words.command.push_back(fill(text));
  for (const auto& [name, value] : herd.external->program->env)
    words.env.emplace_back(name, fill(value));
  return words;
}

std::string log_file_of(const HerdSpec& herd, const std::string& file, std::uint32_t server) {
  return fill_in(file, [&](const Placeholder& each) {
    return each.name == "server" ? herd.servers[server].name : herd.name;
  });
}

}  // namespace sim
