#include "sim/measure/metrics/message_log.h"

namespace sim {

void MessageLog::begin(const Plan& plan, herd::PosixNs base) {
  for (const std::uint32_t number : choice_.updates) {
    if (number >= plan.updates.size()) continue;
    const PlannedUpdate& update = plan.updates[number];
    chosen_.emplace(update.subject, client_time(update, base));
  }
}

void MessageLog::decide(std::uint32_t update, std::uint32_t subject, herd::PosixNs time_ns) {
  if (!choice_.all && !chosen_.contains({subject, time_ns})) return;
  logged_.resize(std::size_t{update} / 64 + 1);
  logged_.back() |= std::uint64_t{1} << (update % 64);
}

void MessageLog::sent(std::uint32_t end, const LoggedMessage& message) {
  in_flight_[end].push_back(static_cast<std::uint32_t>(messages_.size()));
  messages_.push_back(message);
}

void MessageLog::received(std::uint32_t end, MessageKind kind, herd::Instant now) {
  Places& in_flight = in_flight_[end];
  LoggedMessage& message = messages_[in_flight.front()];
  in_flight.pop_front();
  message.kind = kind;
  message.received = now;
}

MessageLog::Places MessageLog::lost(std::uint32_t end) {
  const auto found = in_flight_.find(end);
  return found == in_flight_.end() ? Places() : std::exchange(found->second, Places());
}

void MessageLog::found(std::uint32_t end, const Places& messages) {
  Places& in_flight = in_flight_[end];
  in_flight.insert(in_flight.end(), messages.begin(), messages.end());
}

}  // namespace sim
