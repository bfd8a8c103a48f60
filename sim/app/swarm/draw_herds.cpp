#include "sim/app/swarm/draw_herds.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/schemes/catalogue.h"
#include "sim/app/swarm/draw_conditions.h"
#include "sim/app/swarm/draw_places.h"
#include "sim/app/swarm/draw_values.h"
#include "sim/base/json/make_json.h"
#include "sim/base/json/parse_json.h"
#include "sim/script/read/problems.h"
#include "sim/script/read/read_propagation.h"
#include "sim/script/spec/paper_herd.h"

namespace sim {
namespace {

constexpr herd::Duration kMostDrawnTimer = std::chrono::seconds(1);

struct DrawnServers {
  std::vector<std::string> names;
  OwnedJson json;  // null: the default, the paper's five
};

int draw_count(Dice& dice) {
  const auto roll = dice.between(1, 100);
  if (roll <= 3) return 1;
  if (roll <= 60) return static_cast<int>(dice.between(2, 6));
  if (roll <= 90) return static_cast<int>(dice.between(7, 12));
  if (roll <= 97) return static_cast<int>(dice.between(13, 30));
  return static_cast<int>(dice.between(31, 60));
}

DrawnServers draw_servers(Dice& dice) {
  DrawnServers servers;
  if (dice.chance(10)) {
    servers.names.assign(kPaperServers.begin(), kPaperServers.end());
    return servers;
  }
  const int count = draw_count(dice);
  const bool odd = dice.chance(8);
  const std::string prefix = odd ? draw_odd_prefix(dice) : "S";
  for (int i = 1; i <= count; ++i) servers.names.push_back(fmt::format("{}{}", prefix, i));
  const bool placed = dice.chance(50);
  const bool skewed = dice.chance(40);
  if (!placed && !skewed && !odd) {
    servers.json = json_count(count);
    return servers;
  }
  servers.json.reset(json_array());
  for (const std::string& name : servers.names) {
    OwnedJson server(json_object());
    put(server.get(), "name", name);
    if (placed) put(server.get(), "at", draw_location(dice));
    if (skewed && dice.chance(60)) put(server.get(), "skew", draw_skew(dice));
    add(servers.json.get(), std::move(server));
  }
  return servers;
}

// Returns the links of any graph: a random tree, mostly over all servers, and some more links.
OwnedJson draw_any_links(Dice& dice, const std::vector<std::string>& names) {
  const auto count = static_cast<std::int64_t>(names.size());
  const bool in_one_piece = dice.chance(85);
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::int64_t i = 1; i < count; ++i) {
    if (in_one_piece || dice.chance(70)) pairs.emplace_back(dice.between(0, i - 1), i);
  }
  for (auto more = count > 1 ? dice.between(0, count) : 0; more > 0; --more) {
    const std::int64_t high = dice.between(1, count - 1);
    pairs.emplace_back(dice.between(0, high - 1), high);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  OwnedJson links(json_array());
  for (auto [a, b] : pairs) {
    if (dice.chance(30)) std::swap(a, b);  // which endpoint dials must not depend on this order
    add(links.get(),
        json_pair(names[static_cast<std::size_t>(a)], names[static_cast<std::size_t>(b)]));
  }
  return links;
}

OwnedJson draw_links(Dice& dice, const std::vector<std::string>& names) {
  const auto count = static_cast<std::int64_t>(names.size());
  const auto shape = [](const char* name) { return json_text(name); };
  switch (dice.between(0, 8)) {
    case 0:
    case 1:
      if (count >= 3) return shape("ring");
      break;
    case 2:
      return shape("line");
    case 3:
      return shape("star");
    case 4:
      if (count <= 10) return shape("complete");
      break;
    case 5:
      return shape("tree");
    case 6: {
      const std::int64_t degree = dice.between(2, 4);
      if (degree >= count || count * degree % 2 != 0) break;
      OwnedJson regular(json_object());
      put(regular.get(), "regular", json_count(degree));
      return regular;
    }
    case 7: {
      const std::int64_t width = dice.between(2, 4);
      if (count % width != 0) break;
      OwnedJson size(json_array()), grid(json_object());
      add(size.get(), json_count(width));
      add(size.get(), json_count(count / width));
      put(grid.get(), "grid", std::move(size));
      return grid;
    }
    default:
      break;
  }
  return draw_any_links(dice, names);
}

// The timeout is longer than every drawn round trip and, if links are not ideal, than what losses
// and queues add to it. If it were shorter, the links of a large herd would never all be up at
// once.
OwnedJson draw_keep_alive(Dice& dice, bool ideal) {
  const std::int64_t every = dice.one_of({20, 50, 100, 300, 1000});
  const std::int64_t least =
      std::max(2 * every, every + 2 * kMostDrawnLatencyMs + (ideal ? 1 : 600));
  OwnedJson keep_alive(json_object());
  put(keep_alive.get(), "every", fmt::format("{}ms", every));
  put(keep_alive.get(), "timeout", fmt::format("{}ms", least + dice.between(0, 1'000)));
  return keep_alive;
}

// Adds `link_overrides` for links of an explicit list.
void draw_overrides(Dice& dice, const json_t* links, json_t* herd) {
  OwnedJson overrides(json_array());
  for (std::size_t i = 0; i < json_array_size(links); ++i) {
    if (!dice.chance(20)) continue;
    OwnedJson one(json_object());
    const json_t* const pair = json_array_get(links, i);
    const bool turned = dice.chance(50);
    put(one.get(), "link",
        json_pair(string_of(json_array_get(pair, turned)),
                  string_of(json_array_get(pair, !turned))));
    json_object_update(one.get(), draw_conditions(dice, kLinkWays).get());
    add(overrides.get(), std::move(one));
  }
  put(herd, "link_overrides", std::move(overrides));
}

OwnedJson draw_parameter(Dice& dice, const herd::SchemeParameter& parameter) {
  const auto choice = [&] {
    const auto last = static_cast<std::int64_t>(parameter.choices.size()) - 1;
    return parameter.choices[static_cast<std::size_t>(dice.between(0, last))];
  };
  const auto count = [&] {
    return json_count(dice.between(parameter.min, std::min(parameter.max, parameter.min + 20)));
  };
  switch (parameter.kind) {
    case herd::SchemeParameter::Kind::kChoice:
      return json_text(choice());
    case herd::SchemeParameter::Kind::kCounted: {
      OwnedJson counted(json_object());
      put(counted.get(), choice(), count());
      return counted;
    }
    case herd::SchemeParameter::Kind::kDuration:
      return json_text(fmt::format(
          "{}ns", dice.between(parameter.min, std::min(parameter.max, kMostDrawnTimer.count()))));
    case herd::SchemeParameter::Kind::kShare:
      return json_figure(static_cast<double>(dice.between(0, 10)) / 10);
    case herd::SchemeParameter::Kind::kFlag:
      return json_flag(dice.chance(50));
    case herd::SchemeParameter::Kind::kWhole:
      break;
  }
  return count();
}

// A scheme of the catalogue, by its name or with some of its parameters.
OwnedJson draw_propagation(Dice& dice) {
  const auto all = herd::schemes();
  const herd::SchemeInfo& info =
      *all[static_cast<std::size_t>(dice.between(0, static_cast<std::int64_t>(all.size()) - 1))];
  if (dice.chance(50)) return json_text(info.name);
  OwnedJson scheme(json_object());
  put(scheme.get(), "scheme", info.name);
  for (const herd::SchemeParameter& each : info.parameters) {
    if (dice.chance(50)) put(scheme.get(), each.name, draw_parameter(dice, each));
  }
  return scheme;
}

// Returns true if a scenario may not have the scheme with these parameters.
bool is_refused(json_t* propagation, json_t* recovery) {
  Problems problems;
  const auto scheme = PropagationKind::read({propagation, "propagation"}, problems);
  const auto spec = RecoveryKind::read({recovery, "recovery"}, problems);
  if (!scheme || !spec) return true;
  const auto conflict = scheme->info().conflict;
  return conflict != nullptr && !conflict(*scheme, spec->recovery).empty();
}

OwnedJson draw_batch(Dice& dice, const std::vector<std::string>& names) {
  const auto wait = [&] { return fmt::format("{}ms", dice.between(0, 300)); };
  OwnedJson batch(json_object());
  if (dice.chance(50)) {
    put(batch.get(), "wait", wait());
  } else {
    OwnedJson of_server(json_object());
    put(of_server.get(),
        names[static_cast<std::size_t>(
            dice.between(0, static_cast<std::int64_t>(names.size()) - 1))],
        wait());
    if (dice.chance(50)) put(of_server.get(), "*", wait());
    put(batch.get(), "wait", std::move(of_server));
  }
  if (dice.chance(50)) put(batch.get(), "mode", dice.one_of({"pace", "delay"}));
  if (dice.chance(50)) put(batch.get(), "max", json_count(dice.between(1, 20)));
  return batch;
}

OwnedJson draw_recovery(Dice& dice) {
  if (dice.chance(85)) {
    return json_text(dice.chance(50) ? "none" : "sync");
  }
  OwnedJson recovery(json_object());
  put(recovery.get(), "scheme", "sync");
  put(recovery.get(), "every", fmt::format("{}ms", dice.between(10, 2'000)));
  return recovery;
}

OwnedJson draw_herd(Dice& dice, int number, const DrawnServers& servers) {
  OwnedJson herd(json_object());
  const std::string prefix = dice.chance(5) ? draw_odd_prefix(dice) : "h";
  put(herd.get(), "name", fmt::format("{}{}", prefix, number));
  if (servers.json) put(herd.get(), "servers", copy_of(servers.json.get()));
  const bool is_paper = !servers.json;
  if (!is_paper || dice.chance(50)) {
    put(herd.get(), "links", draw_links(dice, servers.names));
  }
  const json_t* const links = json_object_get(herd.get(), "links");
  if (json_is_array(links) && dice.chance(30)) draw_overrides(dice, links, herd.get());
  if (dice.chance(60)) put(herd.get(), "link", draw_conditions(dice, kLinkWays));
  OwnedJson recovery = draw_recovery(dice), propagation;
  do {
    propagation = draw_propagation(dice);
  } while (is_refused(propagation.get(), recovery.get()));
  put(herd.get(), "propagation", std::move(propagation));
  if (dice.chance(20)) put(herd.get(), "batch", draw_batch(dice, servers.names));
  if (dice.chance(15)) {
    OwnedJson outbox(json_object());
    put(outbox.get(), "window", fmt::format("{}B", dice.between(1, 5'000)));
    put(herd.get(), "outbox", std::move(outbox));
  }
  put(herd.get(), "recovery", std::move(recovery));
  if (dice.chance(15)) put(herd.get(), "order", dice.one_of({"client-time", "server-time"}));
  const bool ideal = json_object_get(herd.get(), "link") == nullptr &&
                     json_object_get(herd.get(), "link_overrides") == nullptr;
  if (dice.chance(25)) {
    put(herd.get(), "keepalive", "off");
  } else if (dice.chance(50)) {
    put(herd.get(), "keepalive", draw_keep_alive(dice, ideal));
  }
  if (dice.chance(20)) put(herd.get(), "places", draw_places(dice));
  if (dice.chance(25)) {
    // A hub receives keep-alives from all other servers, which must not take up all its service
    // time.
    const std::int64_t most = servers.names.size() <= 12 ? 1'000 : 100;
    put(herd.get(), "service_time", fmt::format("{}us", dice.between(0, most)));
  }
  if (dice.chance(40)) put(herd.get(), "wire", dice.one_of({"values", "text"}));
  return herd;
}

}  // namespace

OwnedJson draw_herds(Dice& dice) {
  const DrawnServers servers = draw_servers(dice);
  const int count = dice.chance(75) ? 1 : static_cast<int>(dice.between(2, 3));
  OwnedJson herds(json_array());
  for (int i = 0; i < count; ++i) add(herds.get(), draw_herd(dice, i, servers));
  return herds;
}

}  // namespace sim
