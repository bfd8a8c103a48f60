#include "sim/measure/report/rings.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/text/numbers.h"
#include "sim/measure/report/pack_columns.h"
#include "sim/measure/report/page_tables.h"

namespace sim {
namespace {

constexpr std::size_t kMostOrigins = 40;

struct Server {
  std::string_view name;
  double accepted = 0;
  std::vector<std::size_t> neighbours;
};
using Servers = std::vector<Server>;

// Returns the herd's servers in the order of servers.csv, with their neighbours by place.
Servers read_servers(RunFolder& folder, std::string_view herd) {
  Servers servers;
  std::unordered_map<std::string_view, std::size_t> places;
  const CsvColumns& table = *folder.table("servers.csv");
  const auto of = table.find("herd"), name = table.find("server"),
             accepted = table.find("accepted");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, of) != herd) continue;
    places.emplace(table.at(row, name), servers.size());
    servers.push_back({table.at(row, name), read_real(table.at(row, accepted)).value_or(0), {}});
  }
  const CsvColumns& links = *folder.table("links.csv");
  const auto in = links.find("herd"), from = links.find("from"), to = links.find("to");
  for (std::size_t row = 0; row < links.rows(); ++row) {
    if (links.at(row, in) != herd) continue;
    const auto a = places.find(links.at(row, from)), b = places.find(links.at(row, to));
    if (a == places.end() || b == places.end()) continue;
    // The file has a row for each direction.
    servers[a->second].neighbours.push_back(b->second);
  }
  return servers;
}

std::vector<std::size_t> origins_of(const Servers& servers) {
  std::vector<std::size_t> order(servers.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return servers[a].accepted > servers[b].accepted;
  });
  const auto busy = static_cast<std::size_t>(std::count_if(
      servers.begin(), servers.end(), [](const Server& each) { return each.accepted > 0; }));
  const std::size_t most = std::min(kMostOrigins, order.size());
  std::vector<std::size_t> origins(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min(busy, most)));
  const std::size_t rest = order.size() - origins.size(), wanted = most - origins.size();
  for (std::size_t i = 0, first = origins.size(); i < wanted; ++i) {
    origins.push_back(order[first + i * rest / wanted]);
  }
  return origins;
}

// Returns the numbers of servers by their distance from one of them.
std::vector<std::size_t> rings_around(std::size_t origin, const Servers& servers) {
  std::vector<bool> seen(servers.size());
  std::vector<std::size_t> ring{origin}, sizes;
  seen[origin] = true;
  while (!ring.empty()) {
    sizes.push_back(ring.size());
    std::vector<std::size_t> next;
    for (const std::size_t at : ring) {
      for (const std::size_t to : servers[at].neighbours) {
        if (seen[to]) continue;
        seen[to] = true;
        next.push_back(to);
      }
    }
    ring.swap(next);
  }
  return sizes;
}

std::string rings_of(RunFolder& folder, std::string_view herd) {
  const Servers servers = read_servers(folder, herd);
  std::string out;
  for (const std::size_t origin : origins_of(servers)) {
    std::string sizes;
    for (const std::size_t size : rings_around(origin, servers)) {
      sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
    }
    out += (out.empty() ? R"({"origin":)" : R"(,{"origin":)") + json_quoted(servers[origin].name) +
           R"(,"servers":[)" + sizes + "]}";
  }
  return "[" + out + "]";
}

}  // namespace

std::string pack_rings(RunFolder& folder) {
  std::string out;
  const bool has_files =
      folder.table("links.csv") != nullptr && folder.table("servers.csv") != nullptr;
  for (const std::string& herd : has_files ? large_herds(folder) : std::vector<std::string>()) {
    out += (out.empty() ? "" : ",") + json_quoted(herd) + ":" + rings_of(folder, herd);
  }
  return "{" + out + "}";
}

}  // namespace sim
