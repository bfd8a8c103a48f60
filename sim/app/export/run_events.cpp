#include "sim/app/export/run_events.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "sim/app/show/result_table.h"
#include "sim/script/spec/cut_how.h"
#include "sim/script/spec/event_names.h"

namespace sim {
namespace {

struct Effect {
  EventName event;
  FaultSpan::Kind kind;
  bool begins;
};
// A link is down until its handshake is complete again, so link_up ends nothing.
constexpr Effect kEffects[] = {
    {"link_down", FaultSpan::Kind::kLinkDown, true},
    {"link_lost", FaultSpan::Kind::kLinkDown, true},
    {"link_proven", FaultSpan::Kind::kLinkDown, false},
    {"server_down", FaultSpan::Kind::kServerDown, true},
    {"server_up", FaultSpan::Kind::kServerDown, false},
    {"pause", FaultSpan::Kind::kServerPaused, true},
    {"resume", FaultSpan::Kind::kServerPaused, false},
};

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

}  // namespace

herd::Result<std::vector<RunEvent>, ShowError> read_run_events(
    const std::filesystem::path& folder) {
  constexpr std::array<std::string_view, 4> kColumns = {"at_us", "herd", "event", "detail"};
  std::vector<RunEvent> out;
  auto error = read_result_table(folder / "events.csv", kColumns, [&](ResultRow& row) {
    out.push_back(
        {row.micros(0).value_or(herd::Duration(0)), row.text(1), row.text(2), row.text(3)});
  });
  if (error) return ShowError{std::move(*error)};
  return out;
}

std::vector<FaultSpan> fault_spans(const std::vector<RunEvent>& events, const std::string& herd) {
  std::vector<FaultSpan> out;
  std::map<std::pair<FaultSpan::Kind, std::string>, std::size_t> open;  // places in `out`
  for (const RunEvent& event : events) {
    if (!event.herd.empty() && event.herd != herd) continue;
    const auto* const effect =
        std::find_if(std::begin(kEffects), std::end(kEffects),
                     [&](const Effect& each) { return each.event.text() == event.event; });
    if (effect == std::end(kEffects)) continue;
    std::string who = who_of(event, effect->kind);
    if (who.empty()) continue;
    std::pair key(effect->kind, key_of(who));
    const auto found = open.find(key);
    if (effect->begins && found == open.end()) {
      out.push_back({effect->kind, std::move(who), event.at, std::nullopt});
      open.emplace(std::move(key), out.size() - 1);
    } else if (!effect->begins && found != open.end()) {
      out[found->second].to = event.at;
      open.erase(found);
    }
  }
  return out;
}

}  // namespace sim
