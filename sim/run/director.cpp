#include "sim/run/director.h"

#include <algorithm>
#include <utility>

#include "sim/run/event_words.h"

namespace sim {

Director::Director(const Scenario& scenario, const std::vector<std::vector<PlannedFault>>& faults,
                   HerdWorld& world, std::function<void()> finished)
    : scenario_(scenario),
      faults_(faults),
      world_(world),
      finished_(std::move(finished)),
      next_fault_(scenario.herds.size()) {}

void Director::set_gate(EventGate& gate) {
  gate_ = &gate;
  for (const auto& of_herd : faults_) {
    for (const PlannedFault& fault : of_herd) changes_.push_back(fault.at);
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
    if (!played) return true;  // only the end of the script is left
  }
  return false;
}

void Director::play(const Event& event) {
  EventWords words = words_of(event.action);
  diary_.push_back({world_.now(), event.herd ? scenario_.herds[*event.herd].name : "",
                    std::move(words.event), std::move(words.detail)});
}

void Director::play(std::uint32_t herd, const PlannedFault& fault) {
  world_.apply(herd, fault.what);
  // A compound event does not say which links and servers it concerns, so its faults are listed
  // too.
  if (name_of(scenario_.events[fault.event].action).kind() != EventKind::kCompound) return;
  EventWords words = words_of(scenario_.herds[herd], fault.what);
  diary_.push_back(
      {world_.now(), scenario_.herds[herd].name, std::move(words.event), std::move(words.detail)});
}

}  // namespace sim
