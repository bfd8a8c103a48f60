#include "sim/run/director.h"

#include <algorithm>
#include <utility>

#include "sim/run/event_words.h"

namespace sim {
namespace {

// Whether an event says by itself what it does to a link or a server: partitions, flapping and
// chaos do not, and what comes of them stands in the diary too.
bool speaks_for_itself(const EventAction& action) {
  return !std::holds_alternative<PartitionEvent>(action) &&
         !std::holds_alternative<HealEvent>(action) && !std::holds_alternative<FlapEvent>(action) &&
         !std::holds_alternative<ChaosEvent>(action);
}

}  // namespace

Director::Director(const Scenario& scenario, const std::vector<std::vector<PlannedFault>>& faults,
                   HerdWorld& world, std::function<void()> finished)
    : scenario_(scenario),
      faults_(faults),
      world_(world),
      finished_(std::move(finished)),
      next_fault_(scenario.herds.size()) {
  for (const HerdSpec& herd : scenario.herds) places_.push_back(herd.places.faults);
}

void Director::set_gate(EventGate& gate) {
  gate_ = &gate;
  for (const auto& of_herd : faults_) {
    for (const PlannedFault& fault : of_herd) changes_.push_back(fault.at);
  }
  for (const Event& event : scenario_.events) {
    if (std::holds_alternative<SetPlacesEvent>(event.action)) changes_.emplace_back(event.at);
  }
  std::sort(changes_.begin(), changes_.end());
}

void Director::begin() { play_due(); }

herd::Instant Director::next() const {
  herd::Instant soonest(scenario_.duration);
  if (next_event_ < scenario_.events.size()) {
    soonest = std::min(soonest, herd::Instant(scenario_.events[next_event_].at));
  }
  for (std::size_t h = 0; h < faults_.size(); ++h) {
    if (next_fault_[h] < faults_[h].size()) {
      soonest = std::min(soonest, faults_[h][next_fault_[h]].at);
    }
  }
  return soonest;
}

void Director::play_due() {
  if (stopped_) return;
  const herd::Instant now = world_.now();
  const bool is_over = play_until(now);
  if (gate_ != nullptr) {
    const auto change = std::upper_bound(changes_.begin(), changes_.end(), now);
    gate_->open_before(change == changes_.end() ? herd::Instant::max() : *change);
  }
  if (is_over) return finished_();
  world_.wake_at(next(), [this] { play_due(); });
}

bool Director::play_until(herd::Instant now) {
  for (herd::Instant at = next(); at <= now; at = next()) {
    const std::size_t done = diary_.size();
    const auto& events = scenario_.events;
    for (; next_event_ < events.size() && herd::Instant(events[next_event_].at) <= at;
         ++next_event_) {
      play(events[next_event_]);
    }
    bool played = diary_.size() > done;
    for (std::uint32_t h = 0; h < faults_.size(); ++h) {
      for (; next_fault_[h] < faults_[h].size() && faults_[h][next_fault_[h]].at <= at;
           ++next_fault_[h]) {
        play(h, faults_[h][next_fault_[h]]);
        played = true;
      }
    }
    if (!played) return true;  // the end of the script is all that is left
  }
  return false;
}

void Director::play(const Event& event) {
  for (std::uint32_t h = 0; h < scenario_.herds.size(); ++h) {
    const auto* change = std::get_if<SetPlacesEvent>(&event.action);
    if (change == nullptr || !event.concerns(h)) continue;
    PlacesFaults& faults = places_[h];
    faults.latency = change->latency.value_or(faults.latency);
    faults.fail = change->fail.value_or(faults.fail);
    faults.cut = change->cut.value_or(faults.cut);
    if (change->quota) faults.quota = change->quota;
    world_.set_places(h, faults);
  }
  EventWords words = words_of(event.action);
  diary_.push_back({world_.now(), event.herd ? scenario_.herds[*event.herd].name : "",
                    std::move(words.event), std::move(words.detail)});
}

void Director::play(std::uint32_t herd, const PlannedFault& fault) {
  switch (fault.kind) {
    case FaultKind::kCutLink:
      world_.cut_link(herd, fault.target, fault.how);
      break;
    case FaultKind::kRestoreLink:
      world_.restore_link(herd, fault.target);
      break;
    case FaultKind::kSetLink:
      world_.set_link(herd, fault.target, fault.conditions);
      break;
    case FaultKind::kStopServer:
      world_.stop_server(herd, fault.target);
      break;
    case FaultKind::kStartServer:
      world_.start_server(herd, fault.target);
      break;
    case FaultKind::kPauseServer:
      world_.pause_server(herd, fault.target);
      break;
    case FaultKind::kResumeServer:
      world_.resume_server(herd, fault.target);
      break;
  }
  if (speaks_for_itself(scenario_.events[fault.event].action)) return;
  EventWords words = words_of(scenario_.herds[herd], fault);
  diary_.push_back(
      {world_.now(), scenario_.herds[herd].name, std::move(words.event), std::move(words.detail)});
}

}  // namespace sim
