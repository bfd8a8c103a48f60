#include "sim/app/swarm/draw_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "sim/app/swarm/draw_clients.h"
#include "sim/app/swarm/draw_conditions.h"
#include "sim/app/swarm/draw_lines.h"
#include "sim/app/swarm/draw_places.h"
#include "sim/base/json/make_json.h"

namespace sim {
namespace {

class EventsDrawer {
 public:
  EventsDrawer(Dice& dice, const Scenario& base, const std::vector<std::string>& clients)
      : dice_(dice),
        base_(base),
        clients_(clients),
        duration_ms_(std::chrono::duration_cast<std::chrono::milliseconds>(base.duration).count()),
        events_(json_array()) {}

  OwnedJson draw() {
    // If faults end, the verdict can also check that the herd recovers.
    heals_ = dice_.chance(70);
    for (auto n = dice_.chance(10) ? 0 : dice_.between(1, 8); n > 0; --n) draw_one();
    return std::move(events_);
  }

 private:
  void draw_one() {
    choose_herd();
    const bool has_links = !herd().links.empty();
    const auto roll = dice_.between(1, 100);
    if (roll <= 20 && has_links) return cut_link();
    if (roll <= 28 && has_links) return partition();
    if (roll <= 38) return stop_server();
    if (roll <= 44) return pause_server();
    if (roll <= 50) return flap(has_links);
    if (roll <= 58) return chaos(has_links);
    if (roll <= 63 && has_links) return set_link();
    if (roll <= 70) return burst();
    if (roll <= 76) return move();
    if (roll <= 86) return tie();
    if (roll <= 97) return lines();
    set_places();
  }

  // Chooses the next event's herd. An event without a herd happens to all herds, so it may name
  // only what all of them have.
  void choose_herd() {
    herd_.reset();
    if (base_.herds.size() == 1 && dice_.chance(80)) return;
    herd_ = dice_.place_in(base_.herds.size());
  }
  const HerdSpec& herd() const { return base_.herds[herd_.value_or(0)]; }

  // Mostly a multiple of 100 ms, so that events often coincide.
  std::int64_t draw_time(std::int64_t from_ms = 0) {
    const std::int64_t at = dice_.between(from_ms, duration_ms_);
    return dice_.chance(30) ? std::max(from_ms, at / 100 * 100) : at;
  }

  OwnedJson event_at(std::int64_t at_ms, EventName what) {
    OwnedJson event(json_object());
    put(event.get(), "at", fmt::format("{}ms", at_ms));
    if (herd_) put(event.get(), "herd", herd().name);
    put(event.get(), "do", std::string(what.text()));
    return event;
  }

  // Adds an event that undoes the event `from`, at a later time than `from_ms`.
  void end_later(const json_t* from, std::int64_t from_ms, EventName what,
                 const char* subject_key) {
    if (!heals_ && dice_.chance(50)) return;
    OwnedJson end = event_at(draw_time(from_ms), what);
    if (subject_key != nullptr) {
      put(end.get(), subject_key, copy_of(json_object_get(from, subject_key)));
    }
    add(events_.get(), std::move(end));
  }

  const std::string& draw_server() {
    return herd().servers[dice_.place_in(herd().servers.size())].name;
  }
  OwnedJson draw_link() {
    const LinkSpec link = herd().links[dice_.place_in(herd().links.size())];
    const std::string &first = herd().servers[link.first].name,
                      &second = herd().servers[link.second].name;
    return dice_.chance(50) ? json_pair(first, second) : json_pair(second, first);
  }
  void draw_how(json_t* event) {
    if (dice_.chance(60)) put(event, "how", std::string(kCutHows[dice_.place_in(kCutHows.size())]));
  }
  // For a link or a partition, which may be cut in one direction alone.
  void draw_cut(json_t* event) {
    if (!dice_.chance(20)) return draw_how(event);
    put(event, "direction", std::string(kCutWays[dice_.place_in(kCutWays.size())]));
    if (dice_.chance(50)) put(event, "how", std::string(name_of(CutHow::kBlackhole)));
  }

  void cut_link() {
    const std::int64_t at = draw_time();
    OwnedJson down = event_at(at, "link_down");
    if (dice_.chance(10)) {
      const auto most = static_cast<std::int64_t>(herd().links.size());
      put(down.get(), "links", json_count(dice_.between(1, most)));
      draw_cut(down.get());
      end_later(down.get(), at, "link_up", nullptr);
      add(events_.get(), std::move(down));
      return;
    }
    put(down.get(), "link", draw_link());
    draw_cut(down.get());
    end_later(down.get(), at, "link_up", "link");
    add(events_.get(), std::move(down));
  }

  void partition() {
    const std::int64_t at = draw_time();
    OwnedJson cut = event_at(at, "partition");
    // Puts one endpoint of a link into a group of its own side, so that the partition cuts at least
    // one link.
    const LinkSpec link = herd().links[dice_.place_in(herd().links.size())];
    OwnedJson group(json_array()), groups(json_array());
    for (std::uint32_t s = 0; s < herd().servers.size(); ++s) {
      if (s == link.second) continue;
      if (s == link.first || dice_.chance(40)) add(group.get(), herd().servers[s].name);
    }
    add(groups.get(), std::move(group));
    put(cut.get(), "groups", std::move(groups));
    draw_cut(cut.get());
    end_later(cut.get(), at, "heal", nullptr);
    add(events_.get(), std::move(cut));
  }

  void stop_server() {
    const std::int64_t at = draw_time();
    OwnedJson down = event_at(at, "server_down");
    put(down.get(), "server", draw_server());
    end_later(down.get(), at, "server_up", "server");
    add(events_.get(), std::move(down));
  }

  void pause_server() {
    const std::int64_t at = draw_time();
    OwnedJson pause = event_at(at, "pause");
    put(pause.get(), "server", draw_server());
    end_later(pause.get(), at, "resume", "server");
    add(events_.get(), std::move(pause));
  }

  void draw_over(json_t* event, std::int64_t at_ms) {
    put(event, "over", fmt::format("{}ms", dice_.between(1, duration_ms_ - at_ms)));
  }

  void flap(bool has_links) {
    const std::int64_t at = dice_.between(0, duration_ms_ - 1);
    OwnedJson flapping = event_at(at, "flap");
    if (has_links && dice_.chance(60)) {
      put(flapping.get(), "link", draw_link());
      draw_how(flapping.get());
    } else {
      put(flapping.get(), "server", draw_server());
    }
    put(flapping.get(), "up", fmt::format("{}ms", dice_.between(20, 1'000)));
    put(flapping.get(), "down", fmt::format("{}ms", dice_.between(5, 500)));
    draw_over(flapping.get(), at);
    add(events_.get(), std::move(flapping));
  }

  void chaos(bool has_links) {
    const std::int64_t at = dice_.between(0, duration_ms_ - 1);
    OwnedJson all = event_at(at, "chaos");
    draw_over(all.get(), at);
    put(all.get(), "lasting", fmt::format("{}ms", dice_.between(5, 500)));
    const auto rate = [&](const char* kind) {
      put(all.get(), kind, fmt::format("{}/min", dice_.between(10, 300)));
    };
    for (const ChaosKindInfo& kind : kChaosKinds) {
      if (kind.of_links && has_links && dice_.chance(40)) rate(kind.name);
    }
    if (dice_.chance(40)) rate("server_down");
    if (json_object_get(all.get(), "server_down") == nullptr || dice_.chance(30)) rate("pause");
    add(events_.get(), std::move(all));
  }

  void set_link() {
    OwnedJson set = event_at(draw_time(), "set_link");
    if (dice_.chance(70)) put(set.get(), "link", draw_link());
    json_object_update(set.get(), draw_conditions(dice_, kLinkWays).get());
    add(events_.get(), std::move(set));
  }

  void burst() {
    const std::int64_t at = dice_.between(0, duration_ms_ - 1);
    OwnedJson all = event_at(at, "burst");
    put(all.get(), "server", draw_server());
    const auto most =
        static_cast<std::int64_t>(1'000 / std::max<std::size_t>(10, most_links(base_)));
    put(all.get(), "updates", json_count(dice_.between(1, std::max<std::int64_t>(2, most))));
    put(all.get(), "clients", json_count(dice_.between(1, 5)));
    if (dice_.chance(70)) draw_over(all.get(), at);
    add(events_.get(), std::move(all));
  }

  void move() {
    if (clients_.empty()) return;
    OwnedJson away = event_at(draw_time(), "move");
    put(away.get(), "client", dice_.one_of(clients_));
    put(away.get(), "to", draw_server());
    add(events_.get(), std::move(away));
  }

  // A line that the script sends word for word, from any client.
  void send(std::int64_t at_ms, const std::string& line) {
    OwnedJson event = event_at(at_ms, "send");
    put(event.get(), "client", dice_.one_of(clients_));
    put(event.get(), "line", line);
    add(events_.get(), std::move(event));
  }

  // Several clients report on one subject with the same time, mostly from different places, while
  // the other reports are still in flight.
  void tie() {
    const std::string subject = draw_subject(dice_, clients_, long_lines_);
    const std::string time = draw_stamp(dice_);
    const std::int64_t first = draw_time();
    for (auto n = dice_.between(2, 3); n > 0; --n) {
      const std::int64_t later = dice_.chance(60) ? 0 : dice_.between(0, 100);
      send(std::min(duration_ms_, first + later), draw_report(dice_, subject, time));
    }
  }

  void lines() {
    const std::string subject = draw_subject(dice_, clients_, long_lines_);
    for (auto n = dice_.between(1, 3); n > 0; --n) {
      const std::int64_t at = draw_time();
      send(at, draw_line(dice_, subject, clients_));
    }
  }

  void set_places() {
    OwnedJson trouble = event_at(draw_time(), "set_places");
    draw_places_faults(dice_, trouble.get());
    add(events_.get(), std::move(trouble));
  }

  Dice& dice_;
  const Scenario& base_;
  const std::vector<std::string>& clients_;
  std::int64_t duration_ms_;
  OwnedJson events_;
  bool heals_ = true;
  bool long_lines_ = carries_long_lines(base_);
  std::optional<std::size_t> herd_;
};

}  // namespace

OwnedJson draw_events(Dice& dice, const Scenario& base, const std::vector<std::string>& clients) {
  return EventsDrawer(dice, base, clients).draw();
}

}  // namespace sim
