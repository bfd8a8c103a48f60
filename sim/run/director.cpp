#include "sim/run/director.h"

#include <utility>

namespace sim {
namespace {

// An event's name and detail for the diary.
struct Words {
  std::string event, detail;
};

struct Describe {
  Words operator()(const LinkDownEvent& e) const { return {"link_down", link(e.first, e.second)}; }
  Words operator()(const LinkUpEvent& e) const { return {"link_up", link(e.first, e.second)}; }
  Words operator()(const BurstEvent& e) const {
    return {"burst", std::to_string(e.updates) + " updates by " + std::to_string(e.clients) +
                         " clients at " + e.server};
  }
  Words operator()(const MoveEvent& e) const { return {"move", e.client + " to " + e.to}; }
  Words operator()(const SendEvent& e) const { return {"send", e.client + ": " + e.line}; }
  Words operator()(const SetPlacesEvent& e) const { return {"set_places", changes(e)}; }

  static std::string changes(const SetPlacesEvent& e) {
    std::string out;
    const auto add = [&](const char* name, const std::string& value) {
      out += (out.empty() ? "" : ", ") + std::string(name) + " " + value;
    };
    if (e.latency) add("latency", std::to_string(e.latency->count() / 1000) + "us");
    if (e.fail) add("fail", std::to_string(*e.fail));
    if (e.cut) add("cut", std::to_string(*e.cut));
    if (e.quota) add("quota", std::to_string(*e.quota));
    return out;
  }
  static std::string link(const std::string& a, const std::string& b) { return a + " - " + b; }
};

}  // namespace

Director::Director(const Scenario& scenario, HerdWorld& world, std::function<void()> finished)
    : scenario_(scenario), world_(world), finished_(std::move(finished)) {
  for (const HerdSpec& herd : scenario.herds) places_.push_back(herd.places.faults);
}

void Director::begin() { play_due(); }

void Director::play_due() {
  if (stopped_) return;
  const herd::Instant now = world_.now();
  const auto& events = scenario_.events;
  for (; next_ < events.size() && herd::Instant(events[next_].at) <= now; ++next_) {
    play(events[next_]);
  }
  const herd::Instant end(scenario_.duration);
  if (next_ == events.size() && now >= end) return finished_();
  const herd::Instant next = next_ < events.size() ? herd::Instant(events[next_].at) : end;
  world_.wake_at(next, [this] { play_due(); });
}

void Director::play(const Event& event) {
  for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
    if (!event.concerns(h)) continue;
    const HerdSpec& herd = scenario_.herds[h];
    const auto link_of = [&](const auto& e) {
      return *herd.find_link(*herd.find_server(e.first), *herd.find_server(e.second));
    };
    if (const auto* down = std::get_if<LinkDownEvent>(&event.action)) {
      world_.cut_link(h, link_of(*down));
    } else if (const auto* up = std::get_if<LinkUpEvent>(&event.action)) {
      world_.restore_link(h, link_of(*up));
    } else if (const auto* change = std::get_if<SetPlacesEvent>(&event.action)) {
      PlacesFaults& faults = places_[h];
      faults.latency = change->latency.value_or(faults.latency);
      faults.fail = change->fail.value_or(faults.fail);
      faults.cut = change->cut.value_or(faults.cut);
      if (change->quota) faults.quota = change->quota;
      world_.set_places(h, faults);
    }
  }
  const Words words = std::visit(Describe{}, event.action);
  diary_.push_back({world_.now(), event.herd ? scenario_.herds[*event.herd].name : "", words.event,
                    words.detail});
}

}  // namespace sim
