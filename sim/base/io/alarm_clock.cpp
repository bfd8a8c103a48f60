#include "sim/base/io/alarm_clock.h"

#include <algorithm>

namespace sim {

std::uint32_t AlarmClock::add(Alarm* alarm) {
  const std::uint32_t number = free_.take(alarms_);
  alarms_[number] = alarm;
  return number;
}

void AlarmClock::remove(std::uint32_t alarm) {
  alarms_[alarm] = nullptr;
  free_.give_back(alarm);
}

void AlarmClock::set(std::uint32_t alarm, std::uint64_t at_ns) {
  alarms_[alarm]->order_ = next_order_;
  // Zero means that no moment is armed.
  entries_.push({std::max<std::uint64_t>(at_ns, 1), next_order_++, alarm});
  if (!ringing_) arm();
}

void AlarmClock::drop_stale() {
  while (!entries_.empty()) {
    const Entry& first = entries_.top();
    const Alarm* alarm = alarms_[first.alarm];
    if (alarm != nullptr && alarm->order_ == first.order) return;
    entries_.pop();
  }
}

void AlarmClock::arm() {
  drop_stale();
  const std::uint64_t next = entries_.empty() ? 0 : entries_.top().at_ns;
  if (next == armed_ns_) return;
  armed_ns_ = next;
  next == 0 ? timer_.disarm() : timer_.arm(next);
}

void AlarmClock::ring() {
  armed_ns_ = 0;
  ringing_ = true;
  // An alarm that an action sets for a moment that has passed waits for the loop's next turn.
  const std::uint64_t last_order = next_order_;
  for (drop_stale(); !entries_.empty(); drop_stale()) {
    const Entry first = entries_.top();
    if (first.at_ns > uv_hrtime() || first.order >= last_order) break;
    entries_.pop();
    Alarm& alarm = *alarms_[first.alarm];
    alarm.order_ = 0;
    const auto action = alarm.action_;  // a copy, because the action may destroy the alarm
    action();
  }
  ringing_ = false;
  arm();
}

}  // namespace sim
