#include "sim/script/read/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "sim/script/read/json_reader.h"

namespace sim {
namespace {

std::uint64_t link_key(std::uint32_t a, std::uint32_t b) {
  return std::uint64_t{std::min(a, b)} << 32 | std::max(a, b);
}

// `in herd "a"`, `in herds "a" and 3 more`.
std::string in_herds(const std::vector<const HerdNames*>& herds) {
  if (herds.size() == 1) return "in herd " + quoted(herds[0]->herd());
  return fmt::format("in herd {} and {} more", quoted(herds[0]->herd()), herds.size() - 1);
}

}  // namespace

HerdNames::HerdNames(const HerdRead& herd)
    : herd_(herd.spec.name),
      servers_known_(herd.servers_known),
      links_known_(herd.links_known),
      may_have_embedded_places_(!herd.places_known ||
                                (herd.spec.places.provider == PlacesProvider::kEmbedded &&
                                 !herd.spec.is_served_elsewhere())),
      is_served_elsewhere_(herd.spec.is_served_elsewhere()),
      reaches_links_(herd.spec.reaches_links()),
      reaches_servers_(!herd.spec.external ||
                       (herd.spec.external->program &&
                        herd.spec.external->program->per == ProcessPer::kServer)) {
  servers_.reserve(herd.spec.servers.size());
  by_name_.reserve(herd.spec.servers.size());
  for (const ServerSpec& server : herd.spec.servers) {
    by_name_.emplace(server.name, static_cast<std::uint32_t>(servers_.size()));
    servers_.push_back(server.name);
  }
  links_.reserve(herd.spec.links.size());
  for (const LinkSpec& link : herd.spec.links) {
    links_.push_back(
        {link_key(link.first, link.second), static_cast<std::uint32_t>(links_.size())});
  }
  std::sort(links_.begin(), links_.end(),
            [](const Link& one, const Link& other) { return one.key < other.key; });
  if (!herd.servers_known || !herd.positions_known) return;
  const auto found = std::find_if(herd.spec.servers.begin(), herd.spec.servers.end(),
                                  [](const ServerSpec& server) { return !server.at; });
  if (found != herd.spec.servers.end()) without_position_ = found->name;
}

std::optional<std::uint32_t> HerdNames::server(const std::string& name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::uint32_t> HerdNames::link(std::uint32_t a, std::uint32_t b) const {
  const std::uint64_t key = link_key(a, b);
  const auto found =
      std::lower_bound(links_.begin(), links_.end(), key,
                       [](const Link& link, std::uint64_t wanted) { return link.key < wanted; });
  if (found == links_.end() || found->key != key) return std::nullopt;
  return found->index;
}

std::span<const std::uint32_t> HerdNames::neighbors_of(std::uint32_t server) const {
  if (first_neighbor_.empty()) {
    first_neighbor_.resize(servers_.size() + 1);
    for (const Link& link : links_) {
      ++first_neighbor_[(link.key >> 32U) + 1];
      ++first_neighbor_[(link.key & 0xffff'ffffU) + 1];
    }
    std::partial_sum(first_neighbor_.begin(), first_neighbor_.end(), first_neighbor_.begin());
    neighbors_.resize(2 * links_.size());
    std::vector<std::uint32_t> next(first_neighbor_.begin(), first_neighbor_.end() - 1);
    for (const Link& link : links_) {
      const auto one = static_cast<std::uint32_t>(link.key >> 32U);
      const auto other = static_cast<std::uint32_t>(link.key & 0xffff'ffffU);
      neighbors_[next[one]++] = other;
      neighbors_[next[other]++] = one;
    }
  }
  return std::span(neighbors_)
      .subspan(first_neighbor_[server], first_neighbor_[server + 1] - first_neighbor_[server]);
}

bool HerdNames::may_have_link(const std::string& a, const std::string& b) const {
  if (!servers_known_ || !links_known_) return true;
  const auto first = server(a);
  const auto second = server(b);
  return first && second && link(*first, *second);
}

bool HerdNames::may_be_cut(const std::vector<std::vector<std::string>>& groups) const {
  if (!servers_known_ || !links_known_) return true;
  // Looks only at the links of servers that a group names: there may be many events.
  std::unordered_map<std::uint32_t, std::size_t> group_of;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::string& name : groups[g]) {
      const auto place = server(name);
      if (!place) return true;
      group_of[*place] = g + 1;
    }
  }
  const auto group = [&](std::uint32_t server) {
    const auto found = group_of.find(server);
    return found == group_of.end() ? 0 : found->second;
  };
  return std::any_of(group_of.begin(), group_of.end(), [&](const auto& named) {
    const auto neighbors = neighbors_of(named.first);
    return std::any_of(neighbors.begin(), neighbors.end(),
                       [&](const std::uint32_t other) { return group(other) != named.second; });
  });
}

std::vector<std::string> Names::herd_names() const {
  std::vector<std::string> names;
  for (const HerdNames& herd : herds) names.push_back(herd.herd());
  return names;
}

template <class Condition>
std::vector<const HerdNames*> Names::concerned(std::optional<std::uint32_t> herd,
                                               Condition condition) const {
  std::vector<const HerdNames*> out;
  for (std::uint32_t i = 0; i < herds.size(); ++i) {
    if ((!herd || *herd == i) && condition(herds[i])) out.push_back(&herds[i]);
  }
  return out;
}

std::optional<std::uint32_t> Names::find_herd(const JsonNode& node, const std::string& name,
                                              Problems& problems) const {
  for (std::uint32_t i = 0; i < herds.size(); ++i) {
    if (herds[i].herd() == name) return i;
  }
  if (herds_known) {
    problems.add(node.path, "there is no herd " + quoted(name),
                 what_else(name, herd_names(), problems));
  }
  return std::nullopt;
}

bool Names::check_server(const JsonNode& node, const std::string& name,
                         std::optional<std::uint32_t> herd, Problems& problems) const {
  const auto lacking = concerned(
      herd, [&](const HerdNames& each) { return each.servers_known() && !each.server(name); });
  if (lacking.empty()) return true;
  problems.add(node.path, fmt::format("there is no server {} {}", quoted(name), in_herds(lacking)),
               what_else(name, lacking[0]->servers(), problems));
  return false;
}

void Names::check_link(const JsonNode& node, const std::string& a, const std::string& b,
                       std::optional<std::uint32_t> herd, Problems& problems) const {
  const auto lacking =
      concerned(herd, [&](const HerdNames& each) { return !each.may_have_link(a, b); });
  if (lacking.empty()) return;
  problems.add(
      node.path,
      fmt::format("there is no link of {} and {} {}", quoted(a), quoted(b), in_herds(lacking)),
      "two servers that are linked in each herd concerned");
}

void Names::check_links(const JsonNode& node, std::optional<std::uint32_t> herd,
                        Problems& problems) const {
  const auto lacking =
      concerned(herd, [](const HerdNames& each) { return !each.may_have_links(); });
  if (lacking.empty()) return;
  problems.add(node.path, "there are no links " + in_herds(lacking), "herds that have links");
}

void Names::check_link_count(const JsonNode& node, std::uint32_t links,
                             std::optional<std::uint32_t> herd, Problems& problems) const {
  const auto lacking =
      concerned(herd, [&](const HerdNames& each) { return !each.may_have_links(links); });
  if (lacking.empty()) return;
  problems.add(node.path, "there are not so many links " + in_herds(lacking),
               "at most as many as each herd concerned has");
}

void Names::check_cut(const JsonNode& node, const std::vector<std::vector<std::string>>& groups,
                      std::optional<std::uint32_t> herd, Problems& problems) const {
  const auto lacking =
      concerned(herd, [&](const HerdNames& each) { return !each.may_be_cut(groups); });
  if (lacking.empty()) return;
  problems.add(node.path, "cuts no link " + in_herds(lacking),
               "groups that have links between them");
}

bool Names::check_not_elsewhere(const JsonNode& node, std::optional<std::uint32_t> herd,
                                Problems& problems) const {
  const auto beyond =
      concerned(herd, [](const HerdNames& each) { return each.is_served_elsewhere(); });
  if (beyond.empty()) return true;
  problems.add(node.path,
               "happens to servers or links, and herdsim has no hand on those that are served "
               "elsewhere " +
                   in_herds(beyond),
               R"("herd" of another one, or a "burst", "move" or "send" of clients)");
  return false;
}

void Names::check_link_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                              Problems& problems) const {
  const auto beyond = concerned(herd, [](const HerdNames& each) { return !each.reaches_links(); });
  if (beyond.empty()) return;
  problems.add(node.path, "is of links that run through us, and they do not " + in_herds(beyond),
               R"("herd" of another one, or "observe": "links" in its engine)");
}

void Names::check_server_faults(const JsonNode& node, std::optional<std::uint32_t> herd,
                                Problems& problems) const {
  const auto beyond =
      concerned(herd, [](const HerdNames& each) { return !each.reaches_servers(); });
  if (beyond.empty()) return;
  problems.add(node.path, "is of one server, and one process is all of them " + in_herds(beyond),
               R"("herd" of another one, or "per": "server" in its engine)");
}

void Names::check_positions(const JsonNode& node, Problems& problems) const {
  for (const HerdNames& herd : herds) {
    const auto& server = herd.server_without_position();
    if (!server) continue;
    problems.add(
        node.path,
        fmt::format("server {} of herd {} stands nowhere", quoted(*server), quoted(herd.herd())),
        R"("at" for each server of every herd)");
    return;
  }
}

void Names::check_many_servers(const JsonNode& node, Problems& problems) const {
  const auto lacking =
      concerned(std::nullopt, [](const HerdNames& each) { return !each.may_have_many_servers(); });
  if (lacking.empty()) return;
  problems.add(node.path, "there is no other server " + in_herds(lacking),
               "at least 2 servers in every herd");
}

void Names::check_embedded_places(const JsonNode& node, std::optional<std::uint32_t> herd,
                                  Problems& problems) const {
  const auto lacking =
      concerned(herd, [](const HerdNames& each) { return !each.may_have_embedded_places(); });
  if (lacking.empty()) return;
  problems.add(node.path, "there are no embedded places " + in_herds(lacking),
               R"(herds whose "places" are "embedded")");
}

void Names::check_client(const JsonNode& node, const std::string& id, Problems& problems) const {
  if (!clients_known || clients.contains(id)) return;
  const auto suggestion = problems.are_enough() ? std::nullopt : suggest(id, clients);
  problems.add(node.path, "there is no client " + quoted(id),
               suggestion ? did_you_mean(*suggestion) : "an id of a client group's member");
}

}  // namespace sim
