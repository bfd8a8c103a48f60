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

  static std::string link(const std::string& a, const std::string& b) { return a + " - " + b; }
};

}  // namespace

Director::Director(const Scenario& scenario, HerdWorld& world, std::function<void()> finished)
    : scenario_(scenario), world_(world), finished_(std::move(finished)) {}

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
    }
  }
  const Words words = std::visit(Describe{}, event.action);
  diary_.push_back({herd::Instant(event.at), event.herd ? scenario_.herds[*event.herd].name : "",
                    words.event, words.detail});
}

}  // namespace sim
