#include "sim/app/swarm/shrink.h"

#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "sim/app/swarm/drop_servers.h"
#include "sim/app/swarm/duration_text.h"
#include "sim/app/swarm/expand_faults.h"
#include "sim/app/swarm/shrinking.h"
#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/units.h"

namespace sim {
namespace {

// One step of the way from the top of a document to a value, for example "herds", 0, "link".
struct Step {
  std::string key;  // empty: `place` counts, in a list
  std::size_t place = 0;
};
using Path = std::vector<Step>;

json_t* at(json_t* root, const Path& path) {
  for (const Step& step : path) {
    root = step.key.empty() ? json_array_get(root, step.place)
                            : json_object_get(root, step.key.c_str());
  }
  return root;
}

// Appends the paths of all values below `value`, outer ones first.
void collect_paths(const json_t* value, Path& here, std::vector<Path>& out) {
  if (json_is_object(value)) {
    auto* const object = const_cast<json_t*>(value);  // jansson takes no const here
    const char* key;
    json_t* member;
    json_object_foreach(object, key, member) {
      here.push_back({key});
      out.push_back(here);
      collect_paths(member, here, out);
      here.pop_back();
    }
  }
  for (std::size_t i = 0; json_is_array(value) && i < json_array_size(value); ++i) {
    here.push_back({"", i});
    out.push_back(here);
    collect_paths(json_array_get(value, i), here, out);
    here.pop_back();
  }
}

std::vector<Path> all_paths(const json_t* root) {
  std::vector<Path> out;
  Path here;
  collect_paths(root, here, out);
  return out;
}

class Shrinker {
 public:
  Shrinker(const std::string& text, const StillFails& still_fails, std::size_t most_runs)
      : now_(text, still_fails, most_runs) {}

  Shrunk run() {
    for (bool any = true; any && now_.may_go_on();) {
      any = drop_herds();
      any |= drop_items("events");
      any |= drop_items("clients");
      any |= plain_faults();
      any |= fewer_servers();
      any |= fewer_links();
      any |= drop_keys();
      any |= simpler_values();
    }
    return {dump_json(now_.json(), 2), now_.runs()};
  }

 private:
  // Drops herds, each with the events that name it.
  bool drop_herds() {
    return now_.drop_parts(now_.scenario().herds.size(), [&](std::size_t first, std::size_t last) {
      OwnedJson out = copy_of(now_.json());
      json_t* const herds = json_object_get(out.get(), "herds");
      json_t* const events = json_object_get(out.get(), "events");
      for (std::size_t h = last; h > first; --h) {
        const std::string name = now_.scenario().herds[h - 1].name;
        json_array_remove(herds, h - 1);
        for (std::size_t i = json_array_size(events); i > 0; --i) {
          const json_t* const event = json_array_get(events, i - 1);
          if (string_of(json_object_get(event, "herd")) == name) json_array_remove(events, i - 1);
        }
      }
      return out;
    });
  }

  bool drop_items(const char* list) {
    return now_.drop_parts(json_array_size(json_object_get(now_.json(), list)),
                           [&](std::size_t first, std::size_t last) {
                             OwnedJson out = copy_of(now_.json());
                             json_t* const items = json_object_get(out.get(), list);
                             for (std::size_t i = last; i > first; --i)
                               json_array_remove(items, i - 1);
                             return out;
                           });
  }

  // Replaces faults by plain ones. Useful if the failure needs only a few of them.
  bool plain_faults() {
    OwnedJson expanded = expand_faults(now_.json(), now_.scenario());
    if (!expanded) return false;
    OwnedJson before = now_.mark();
    const std::size_t events = now_.scenario().events.size();
    if (!now_.accept(std::move(expanded))) return false;
    drop_items("events");
    constexpr std::size_t kFew = 5;
    if (now_.scenario().events.size() <= std::max(events, kFew)) return true;
    now_.return_to(std::move(before));
    return false;
  }

  bool fewer_servers() {
    OwnedJson spelt = spell_out_servers(now_.json(), now_.scenario());
    if (!json_equal(spelt.get(), now_.json()) && !now_.accept(std::move(spelt))) return false;
    bool any = false;
    for (const Leaving how : {Leaving::kAlone, Leaving::kToTheHeir}) {
      any |= now_.drop_parts(server_names(now_.json()).size(),
                             [&](std::size_t first, std::size_t last) {
                               const auto names = server_names(now_.json());
                               const auto at = [&](std::size_t i) {
                                 return names.begin() + static_cast<std::ptrdiff_t>(i);
                               };
                               return without_servers(now_.json(), {at(first), at(last)}, how);
                             });
    }
    return any;
  }

  bool fewer_links() {
    bool any = false;
    for (std::size_t h = 0; h < json_array_size(json_object_get(now_.json(), "herds")); ++h) {
      const auto links_of = [&](const json_t* root) {
        return json_object_get(json_array_get(json_object_get(root, "herds"), h), "links");
      };
      any |= now_.drop_parts(json_array_size(links_of(now_.json())),
                             [&](std::size_t first, std::size_t last) {
                               OwnedJson out = copy_of(now_.json());
                               json_t* const links = links_of(out.get());
                               for (std::size_t i = last; i > first; --i) {
                                 json_array_remove(links, i - 1);
                               }
                               return out;
                             });
    }
    return any;
  }

  // Tries to drop every key and every list item. The reader refuses a scenario that needs them.
  bool drop_keys() {
    bool any = false;
    std::vector<Path> paths = all_paths(now_.json());
    for (std::size_t i = 0; i < paths.size() && now_.may_go_on(); ++i) {
      // With a shorter drain the scenario fails in another way: it waits too short a time.
      if (paths[i].back().key == "drain") continue;
      Path above = paths[i];
      const Step last = above.back();
      above.pop_back();
      OwnedJson out = copy_of(now_.json());
      json_t* const owner = at(out.get(), above);
      last.key.empty() ? json_array_remove(owner, last.place)
                       : json_object_del(owner, last.key.c_str());
      if (!now_.accept(std::move(out))) continue;
      any = true;
      paths = all_paths(now_.json());
      --i;  // the next item has moved to this place
    }
    return any;
  }

  bool try_value(const Path& path, OwnedJson value) {
    OwnedJson out = copy_of(now_.json());
    Path above = path;
    const Step last = above.back();
    above.pop_back();
    json_t* const owner = at(out.get(), above);
    last.key.empty() ? json_array_set_new(owner, last.place, value.release())
                     : json_object_set_new(owner, last.key.c_str(), value.release());
    return now_.accept(std::move(out));
  }

  bool simpler_values() {
    bool any = shorter();
    for (const Path& path : all_paths(now_.json())) {
      if (!now_.may_go_on()) break;
      const json_t* const value = at(const_cast<json_t*>(now_.json()), path);
      const std::string& key = path.back().key;
      if (json_is_integer(value) && key != "seed") {
        any |= smaller(path, json_integer_value(value));
      } else if (path.size() == 3 && path[0].key != "herds" && to_the_first(path, key, value)) {
        any = true;
      } else if (json_is_string(value)) {
        any |= key == "updates" || key == "rate" || key == "queries"
                   ? rarer(path, string_of(value))
                   : key != "duration" && key != "drain" && rounder(path, string_of(value));
      } else if (json_is_object(value) && (key == "updates" || key == "queries")) {
        any |= try_value(path, json_text("1/s")) || try_value(path, json_text("10/s"));
      } else if (json_is_object(value) && path.size() == 4 && path[2].key == "servers") {
        any |= try_value(path, copy_of(json_object_get(value, "name")));
      }
    }
    return any;
  }

  // Shortens the script.
  bool shorter() {
    Duration last{0};
    for (const Event& event : now_.scenario().events) last = std::max(last, event.at);
    const Duration whole = now_.scenario().duration;
    for (const Duration shorter : {last, last + std::chrono::milliseconds(1), whole / 8, whole / 4,
                                   whole / 2, whole * 3 / 4}) {
      const Duration rounded =
          std::chrono::ceil<std::chrono::milliseconds>(std::max(shorter, Duration(1)));
      if (rounded >= whole) continue;
      if (try_value({{"duration"}}, json_text(duration_text(rounded)))) return true;
    }
    return false;
  }

  bool smaller(const Path& path, json_int_t number) {
    for (const json_int_t less : {json_int_t{1}, number / 4, number / 2, number - 1}) {
      if (less >= 1 && less < number && try_value(path, json_count(less))) return true;
    }
    return false;
  }

  // Replaces a time by one that is easier to read.
  bool rounder(const Path& path, std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration) return false;
    for (const auto unit :
         {Duration(std::chrono::seconds(1)), Duration(std::chrono::milliseconds(100)),
          Duration(std::chrono::milliseconds(10)), Duration(std::chrono::milliseconds(1)),
          Duration(std::chrono::microseconds(1))}) {
      if (duration->count() % unit.count() == 0) return false;
      const Duration down = *duration / unit * unit;
      if (try_value(path, json_text(duration_text(down)))) return true;
      const bool is_time = path.back().key == "at";  // later may be rounder too
      if (is_time && try_value(path, json_text(duration_text(down + unit)))) return true;
    }
    return false;
  }

  bool rarer(const Path& path, std::string_view text) {
    for (const char* rate : {"1/s", "2/s", "5/s", "10/s", "20/s", "50/s"}) {
      if (text == rate) return false;
      if (try_value(path, json_text(rate))) return true;
    }
    return false;
  }

  // Lets an event happen to the first server, the first link or the first client of a group, so
  // that the others can be dropped.
  bool to_the_first(const Path& path, const std::string& key, const json_t* value) {
    const HerdSpec& herd = now_.scenario().herds[0];
    if (key == "link" && !herd.links.empty()) {
      const LinkSpec first = herd.links[0];
      OwnedJson pair = json_pair(herd.servers[first.first].name, herd.servers[first.second].name);
      return !json_equal(value, pair.get()) && try_value(path, std::move(pair));
    }
    if (key == "server" || key == "to") {
      return string_of(value) != herd.servers[0].name &&
             try_value(path, json_text(herd.servers[0].name));
    }
    if (key != "client") return false;
    for (const ClientGroup& group : now_.scenario().clients) {
      const std::string id = group.member_id(0);
      if (id == string_of(value)) return false;
      if (try_value(path, json_text(id))) return true;
    }
    return false;
  }

  Shrinking now_;
};

}  // namespace

Shrunk shrink(const std::string& text, const StillFails& still_fails, std::size_t most_runs) {
  return Shrinker(text, still_fails, most_runs).run();
}

}  // namespace sim
