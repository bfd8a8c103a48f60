#include "sim/app/swarm/draw_clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "sim/app/swarm/draw_conditions.h"
#include "sim/app/swarm/draw_values.h"
#include "sim/base/json/make_json.h"

namespace sim {
namespace {

// Upper bounds for one run, so that it stays short: messages over the links of one herd, and
// updates.
constexpr double kMostMessages = 4'000;
constexpr double kMostUpdates = 200;
// Over a slower link long lines would keep out keep-alives.
constexpr double kLongLinesBps = 1e6;

class ClientsDrawer {
 public:
  ClientsDrawer(Dice& dice, const Scenario& base)
      : dice_(dice),
        base_(base),
        duration_ms_(std::chrono::duration_cast<std::chrono::milliseconds>(base.duration).count()) {
    const double links = static_cast<double>(std::max<std::size_t>(1, most_links(base)));
    updates_ = std::min(kMostUpdates, kMostMessages / (2 * links));
    for (const HerdSpec& herd : base.herds) {
      placed_ = placed_ && std::all_of(herd.servers.begin(), herd.servers.end(),
                                       [](const ServerSpec& s) { return s.at.has_value(); });
      many_ = many_ && herd.servers.size() > 1;
    }
  }

  DrawnClients draw() {
    DrawnClients out;
    out.json.reset(json_array());
    const auto groups = dice_.between(1, 3);
    for (std::int64_t g = 0; g < groups; ++g) {
      const auto count = dice_.chance(93) ? dice_.between(1, 4) : dice_.between(5, 25);
      OwnedJson group(json_object());
      const std::string prefix = fmt::format("{}{}-", draw_prefix(), g);
      put(group.get(), "id", prefix + "{n}");
      if (count > 1) put(group.get(), "count", json_count(count));
      draw_group(group.get(), static_cast<double>(count), static_cast<double>(groups));
      add(out.json.get(), std::move(group));
      for (std::int64_t n = 0; n < count; ++n) out.ids.push_back(fmt::format("{}{}", prefix, n));
    }
    return out;
  }

 private:
  // Returns what the ids of a group begin with: mostly "c", else something that is hard to read, to
  // quote or to fit into a line.
  std::string draw_prefix() {
    if (!dice_.chance(10)) return "c";
    if (dice_.chance(30) && carries_long_lines(base_)) return draw_long_text(dice_);
    return dice_.one_of<std::string>({"caf\xc3\xa9", "\xe2\x80\xae", "\"q'", "a,b;", "{x}", "?",
                                      "AT", "IAMAT", "\x01\x7f", "-1", "\xf0\x9f\x9a\x97"});
  }

  void draw_group(json_t* group, double count, double groups) {
    const bool nearest = placed_ && dice_.chance(25);
    const auto& servers = base_.herds[0].servers;
    put(group, "server",
        nearest            ? "nearest"
        : dice_.chance(50) ? "spread"
                           : servers[dice_.place_in(servers.size())].name);
    if (dice_.chance(40)) put(group, "mobility", draw_mobility());
    if (many_ && dice_.chance(35)) draw_handover(group, nearest);
    const double seconds = static_cast<double>(duration_ms_) / 1'000;
    if (dice_.chance(85)) {
      const double share = static_cast<double>(dice_.between(5, 100)) / 100;
      put(group, "updates",
          draw_times(dice_, share * updates_ / groups / count / seconds, duration_ms_));
    }
    if (dice_.chance(10)) draw_queries(group, count, seconds);
    if (dice_.chance(25)) put(group, "skew", draw_skew(dice_));
    if (dice_.chance(25)) draw_link(group);
  }

  // No keep-alive watches a client's link, so it may also take seconds. Such a link loses nothing:
  // the time until TCP sends a line again would be longer than a run's set-up may take.
  void draw_link(json_t* group) {
    OwnedJson link = draw_conditions(dice_, kClientWays);
    if (dice_.chance(15)) {
      link.reset(json_object());
      put(link.get(), "latency", fmt::format("{}ms", dice_.between(500, 4'000)));
      if (dice_.chance(30)) put(link.get(), "jitter", fmt::format("{}ms", dice_.between(1, 400)));
      if (dice_.chance(30)) {
        const char* const way = dice_.chance(50) ? kClientWays.there : kClientWays.back;
        OwnedJson quick(json_object());
        put(quick.get(), "latency", "0ms");
        put(link.get(), way, std::move(quick));
      }
    }
    put(group, "link", std::move(link));
  }

  void draw_queries(json_t* group, double count, double seconds) {
    const auto queries = static_cast<double>(dice_.between(1, 10));
    OwnedJson times = draw_times(dice_, queries / count / seconds, duration_ms_);
    if (!json_is_object(times.get())) return put(group, "queries", std::move(times));
    const auto radius = dice_.between(1, 50);
    put(times.get(), "radius", fmt::format("{}km", radius));
    put(times.get(), "bound", json_count(dice_.between(1, 20)));
    put(times.get(), "about", dice_.one_of({"self", "another", "random"}));
    put(group, "queries", std::move(times));
  }

  void draw_handover(json_t* group, bool nearest) {
    OwnedJson handover(json_object());
    if (nearest) {
      const auto hysteresis = dice_.between(0, 2'000);
      put(handover.get(), "hysteresis", fmt::format("{}m", hysteresis));
      put(handover.get(), "check", fmt::format("{}ms", dice_.between(50, 500)));
    } else if (dice_.chance(70)) {
      put(handover.get(), "every",
          fmt::format("{}ms",
                      dice_.between(std::max<std::int64_t>(50, duration_ms_ / 8), duration_ms_)));
      if (dice_.chance(50)) put(handover.get(), "arrivals", "poisson");
      put(handover.get(), "to", draw_next(false));
    }
    if (json_object_size(handover.get()) == 0 || dice_.chance(60)) {
      put(handover.get(), "on_loss", draw_next(true));
    }
    put(group, "handover", std::move(handover));
  }

  const char* draw_next(bool on_loss) {
    const auto roll = dice_.between(0, 3);
    if (roll == 0) return "random";
    if (roll == 1 && placed_) return "nearest";
    if (roll == 2 && on_loss) return "same";
    return "next";
  }

  OwnedJson draw_mobility() {
    OwnedJson mobility(json_object());
    const char* const model =
        dice_.one_of({"waypoints", "random_waypoint", "gauss_markov", "levy_walk"});
    put(mobility.get(), "model", model);
    put(mobility.get(), "speed", fmt::format("{}m/s", dice_.between(1, 2'000)));
    if (model == std::string("waypoints")) {
      OwnedJson points(json_array());
      for (auto n = dice_.between(1, 3); n > 0; --n) add(points.get(), draw_location(dice_));
      put(mobility.get(), "points", std::move(points));
      if (dice_.chance(50)) put(mobility.get(), "loop", OwnedJson(json_true()));
      return mobility;
    }
    put(mobility.get(), "area", json_pair(kDrawnSouthWest, kDrawnNorthEast));
    if (model == std::string("levy_walk")) put(mobility.get(), "flight", json_pair("10m", "2km"));
    return mobility;
  }

  Dice& dice_;
  const Scenario& base_;
  std::int64_t duration_ms_;
  double updates_ = 0;  // in all groups together
  bool placed_ = true;  // whether every server has a location
  bool many_ = true;    // whether every herd has more than one server
};

}  // namespace

bool carries_long_lines(const Scenario& base) {
  const auto carries = [](const LinkConditions& way) {
    return way.bandwidth_bps == 0 || way.bandwidth_bps >= kLongLinesBps;
  };
  const auto both_carry = [&](const TwoWayConditions& link) {
    return carries(link.forward) && carries(link.backward);
  };
  return std::all_of(base.herds.begin(), base.herds.end(), [&](const HerdSpec& herd) {
    for (std::uint32_t link = 0; link < herd.links.size(); ++link) {
      if (!both_carry(herd.conditions_of(link))) return false;
    }
    return true;
  });
}

std::size_t most_links(const Scenario& base) {
  std::size_t most = 0;
  for (const HerdSpec& herd : base.herds) most = std::max(most, herd.links.size());
  return most;
}

DrawnClients draw_clients(Dice& dice, const Scenario& base) {
  return ClientsDrawer(dice, base).draw();
}

}  // namespace sim
