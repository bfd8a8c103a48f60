#include "sim/measure/figures/fault_spans.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "sim/script/spec/cut_how.h"
#include "sim/script/spec/event_names.h"

namespace sim {
namespace {

struct Effect {
  EventName event;
  FaultSpan::Kind kind;
  bool begins;
};
// A link is down until its handshake is complete again, so link_up ends only what SpanList::lift()
// says.
constexpr Effect kEffects[] = {
    {"link_down", FaultSpan::Kind::kLinkDown, true},
    {"link_lost", FaultSpan::Kind::kLinkDown, true},
    {"link_proven", FaultSpan::Kind::kLinkDown, false},
    {"server_down", FaultSpan::Kind::kServerDown, true},
    {"server_up", FaultSpan::Kind::kServerDown, false},
    {"pause", FaultSpan::Kind::kServerPaused, true},
    {"resume", FaultSpan::Kind::kServerPaused, false},
};
constexpr EventName kLinkUp = "link_up", kLinkLost = "link_lost";

constexpr bool is_known(const EventInfo& event) {
  if (event.kind != EventKind::kBegins && event.kind != EventKind::kEnds) return true;
  return event.name == kLinkUp.text() ||
         std::any_of(std::begin(kEffects), std::end(kEffects),
                     [&](const Effect& each) { return each.event.text() == event.name; });
}
static_assert(std::all_of(kEvents.begin(), kEvents.end(), is_known),
              "each fault that begins or ends has a row");

constexpr std::string_view kBetween = " - ";  // of the two servers of a link

// Returns the server or the link of a fault; empty for links drawn at random, of which each that
// fell has a row of its own. Behind a link the detail says how it was cut, as "A - B, blackhole,
// from A to B". Names may have commas.
std::string who_of(const RunEvent& event, FaultSpan::Kind kind) {
  if (kind != FaultSpan::Kind::kLinkDown) return event.detail;
  if (event.detail.find(kBetween) == event.detail.npos) return {};
  std::size_t end = event.detail.npos;
  for (const std::string_view how : kCutHows) {
    end = std::min(end, event.detail.rfind(", " + std::string(how)));
  }
  return event.detail.substr(0, end);
}

// Returns the same text for "A - B" and "B - A": a scenario may name the servers of a link in
// either order.
std::string key_of(const std::string& who) {
  const std::size_t middle = who.find(kBetween);
  if (middle == who.npos) return who;
  std::string first = who.substr(0, middle), second = who.substr(middle + kBetween.size());
  if (second < first) std::swap(first, second);
  return first + std::string(kBetween) + second;
}

// Faults, some of which have not ended yet.
class SpanList {
 public:
  void add(const RunEvent& event, const Effect& effect) {
    std::string who = who_of(event, effect.kind);
    if (who.empty()) return;
    const Key key(effect.kind, key_of(who));
    const auto found = open_.find(key);
    if (!effect.begins) return end(found, event.at);
    const bool is_connected = event.event != kLinkLost.text() && is_blackhole(event);
    if (found != open_.end()) {
      found->second.is_connected &= is_connected;
      return;
    }
    open_.emplace(key, Open{spans_.size(), is_connected});
    spans_.push_back({effect.kind, std::move(who), event.at, std::nullopt});
  }

  // Ends blackholes in which the link stayed connected: no handshake follows.
  void lift(const RunEvent& event) {
    const std::string who = who_of(event, FaultSpan::Kind::kLinkDown);
    for (auto each = open_.begin(); each != open_.end();) {
      const auto next = std::next(each);
      const bool is_meant = who.empty() || each->first.second == key_of(who);  // empty: every link
      if (each->second.is_connected && is_meant) end(each, event.at);
      each = next;
    }
  }

  std::vector<FaultSpan> take() { return std::move(spans_); }

 private:
  using Key = std::pair<FaultSpan::Kind, std::string>;
  struct Open {
    std::size_t place;  // in spans_
    bool is_connected;  // of a link: nothing gets through, but neither endpoint knows
  };

  static bool is_blackhole(const RunEvent& event) {
    return event.detail.find(", " + std::string(name_of(CutHow::kBlackhole))) != event.detail.npos;
  }

  void end(std::map<Key, Open>::iterator open, herd::Duration at) {
    if (open == open_.end()) return;
    spans_[open->second.place].to = at;
    open_.erase(open);
  }

  std::vector<FaultSpan> spans_;
  std::map<Key, Open> open_;
};

}  // namespace

std::vector<FaultSpan> fault_spans(const std::vector<RunEvent>& events, const std::string& herd) {
  SpanList list;
  for (const RunEvent& event : events) {
    if (!event.herd.empty() && event.herd != herd) continue;
    if (event.event == kLinkUp.text()) list.lift(event);
    const auto* const effect =
        std::find_if(std::begin(kEffects), std::end(kEffects),
                     [&](const Effect& each) { return each.event.text() == event.event; });
    if (effect != std::end(kEffects)) list.add(event, *effect);
  }
  return list.take();
}

}  // namespace sim
