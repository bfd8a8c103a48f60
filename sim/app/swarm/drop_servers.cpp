#include "sim/app/swarm/drop_servers.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/spec/event_names.h"

namespace sim {
namespace {

using Names = std::unordered_set<std::string>;

// Returns the name of a server or a herd.
std::string name_of(const json_t* item) {
  return std::string(string_of(json_is_object(item) ? json_object_get(item, "name") : item));
}

// Returns a list with the items for which `keeps` returns true.
template <class Keeps>
OwnedJson filtered(const json_t* list, Keeps keeps) {
  OwnedJson out(json_array());
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* const item = json_array_get(list, i);
    if (keeps(item)) add(out.get(), copy_of(item));
  }
  return out;
}

// Maps each server to the one that takes its place: itself if it stays, its heir if it has one, or
// an empty name.
using Successors = std::unordered_map<std::string, std::string>;

std::string successor_of(const Successors& successors, const std::string& server) {
  const auto found = successors.find(server);
  return found == successors.end() ? server : found->second;
}

// If an heir leaves as well, its own heir inherits.
Successors successors_in(const json_t* herd, const Names& gone, Leaving how) {
  Successors heirs;
  for (const std::string& server : gone) heirs.emplace(server, "");
  if (how == Leaving::kAlone) return heirs;
  const json_t* const links = json_object_get(herd, "links");
  // Follows the links outward from the servers that stay, so that no two servers inherit from each
  // other.
  for (bool any = true; any;) {
    any = false;
    for (std::size_t i = 0; i < json_array_size(links); ++i) {
      const json_t* const pair = json_array_get(links, i);
      for (const std::size_t end : {0U, 1U}) {
        const std::string one(string_of(json_array_get(pair, end)));
        const std::string other =
            successor_of(heirs, std::string(string_of(json_array_get(pair, 1 - end))));
        if (!gone.contains(one) || !heirs[one].empty() || other.empty()) continue;
        heirs[one] = other;
        any = true;
      }
    }
  }
  return heirs;
}

// Returns the link between the successors of its endpoints; null unless these are two different
// servers.
OwnedJson pair_after(const json_t* pair, const Successors& successors) {
  const std::string a = successor_of(successors, std::string(string_of(json_array_get(pair, 0))));
  const std::string b = successor_of(successors, std::string(string_of(json_array_get(pair, 1))));
  return a.empty() || b.empty() || a == b ? nullptr : json_pair(a, b);
}

// Does the same for a list of links, or of objects with a `link`. Keeps each link once.
OwnedJson links_after(const json_t* list, const Successors& successors) {
  OwnedJson out(json_array());
  std::set<std::pair<std::string, std::string>> known;
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const json_t* const item = json_array_get(list, i);
    OwnedJson pair =
        pair_after(json_is_object(item) ? json_object_get(item, "link") : item, successors);
    if (!pair) continue;
    const std::string a(string_of(json_array_get(pair.get(), 0)));
    const std::string b(string_of(json_array_get(pair.get(), 1)));
    if (!known.insert(std::minmax(a, b)).second) continue;
    if (json_is_object(item)) {
      OwnedJson object = copy_of(item);
      put(object.get(), "link", std::move(pair));
      pair = std::move(object);
    }
    add(out.get(), std::move(pair));
  }
  return out;
}

// Returns the groups of a partition without those servers; null if none are left.
OwnedJson groups_without(const json_t* groups, const Names& gone) {
  OwnedJson out(json_array());
  for (std::size_t i = 0; i < json_array_size(groups); ++i) {
    OwnedJson group = filtered(json_array_get(groups, i), [&](const json_t* server) {
      return !gone.contains(std::string(string_of(server)));
    });
    if (json_array_size(group.get()) > 0) add(out.get(), std::move(group));
  }
  return json_array_size(out.get()) > 0 ? std::move(out) : nullptr;
}

// Returns the event as it is after those servers have left; null if nothing of it is left.
OwnedJson event_after(const json_t* event, const Names& gone, const Successors& successors,
                      const std::string& other) {
  OwnedJson out = copy_of(event);
  if (const json_t* const link = json_object_get(event, "link")) {
    OwnedJson pair = pair_after(link, successors);
    if (!pair) return nullptr;
    put(out.get(), "link", std::move(pair));
  }
  if (const json_t* const groups = json_object_get(event, "groups")) {
    OwnedJson left = groups_without(groups, gone);
    if (!left) return nullptr;
    put(out.get(), "groups", std::move(left));
  }
  const EventInfo* const what = find_event(string_of(json_object_get(event, "do")));
  for (const char* key : {"server", "to"}) {
    const std::string server(string_of(json_object_get(event, key)));
    if (!gone.contains(server)) continue;
    if (what == nullptr || what->kind != EventKind::kClients) return nullptr;
    const std::string heir = successor_of(successors, server);
    put(out.get(), key, heir.empty() ? other : heir);
  }
  return out;
}

}  // namespace

OwnedJson spell_out_servers(const json_t* root, const Scenario& scenario) {
  OwnedJson out = copy_of(root);
  json_t* const herds = json_object_get(out.get(), "herds");
  for (std::size_t h = 0; h < scenario.herds.size(); ++h) {
    const HerdSpec& spec = scenario.herds[h];
    json_t* const herd = json_array_get(herds, h);
    if (!json_is_array(json_object_get(herd, "servers"))) {
      OwnedJson servers(json_array());
      for (const ServerSpec& server : spec.servers) add(servers.get(), server.name);
      put(herd, "servers", std::move(servers));
    }
    OwnedJson links(json_array());
    for (const LinkSpec& link : spec.links) {
      add(links.get(), json_pair(spec.servers[link.first].name, spec.servers[link.second].name));
    }
    put(herd, "links", std::move(links));
  }
  return out;
}

std::vector<std::string> server_names(const json_t* root) {
  std::vector<std::string> names;
  const json_t* const herds = json_object_get(root, "herds");
  for (std::size_t h = 0; h < json_array_size(herds); ++h) {
    const json_t* const servers = json_object_get(json_array_get(herds, h), "servers");
    for (std::size_t i = 0; i < json_array_size(servers); ++i) {
      const std::string name = name_of(json_array_get(servers, i));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

OwnedJson without_servers(const json_t* root, const std::vector<std::string>& servers,
                          Leaving how) {
  const Names gone(servers.begin(), servers.end());
  std::string other;
  for (const std::string& name : server_names(root)) {
    if (other.empty() && !gone.contains(name)) other = name;
  }
  if (other.empty()) return nullptr;
  OwnedJson out = copy_of(root);
  json_t* const herds = json_object_get(out.get(), "herds");
  std::unordered_map<std::string, Successors> of_herd;
  for (std::size_t h = 0; h < json_array_size(herds); ++h) {
    json_t* const herd = json_array_get(herds, h);
    const Successors& successors =
        of_herd.emplace(name_of(herd), successors_in(herd, gone, how)).first->second;
    put(herd, "servers", filtered(json_object_get(herd, "servers"), [&](const json_t* server) {
          return !gone.contains(name_of(server));
        }));
    for (const char* key : {"links", "link_overrides"}) {
      const json_t* const list = json_object_get(herd, key);
      if (list != nullptr) put(herd, key, links_after(list, successors));
    }
  }
  // An event without a herd is changed as it would be in the first herd.
  const Successors& of_first = of_herd[name_of(json_array_get(herds, 0))];
  json_t* const clients = json_object_get(out.get(), "clients");
  for (std::size_t i = 0; i < json_array_size(clients); ++i) {
    json_t* const group = json_array_get(clients, i);
    const std::string server(string_of(json_object_get(group, "server")));
    if (!gone.contains(server)) continue;
    const std::string heir = successor_of(of_first, server);
    put(group, "server", heir.empty() ? other : heir);
  }
  if (const json_t* const events = json_object_get(root, "events")) {
    OwnedJson left(json_array());
    for (std::size_t i = 0; i < json_array_size(events); ++i) {
      const json_t* const event = json_array_get(events, i);
      const auto its = of_herd.find(std::string(string_of(json_object_get(event, "herd"))));
      OwnedJson after =
          event_after(event, gone, its == of_herd.end() ? of_first : its->second, other);
      if (after) add(left.get(), std::move(after));
    }
    put(out.get(), "events", std::move(left));
  }
  return out;
}

}  // namespace sim
