// Logs every message of some updates, from its sending to its end. For all other updates it costs
// one test of a bit.
//
// Messages come out of a direction of a link in the order in which they were sent, and so do those
// of the logged updates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/time.h"
#include "sim/measure/figures/message_row.h"
#include "sim/measure/metrics/message_choice.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

struct LoggedMessage {
  herd::Instant sent, received = {};  // `received` is not set if it was lost
  std::uint32_t update = 0;           // index into Recorder::accepted()
  std::uint32_t direction = 0;        // of its link, as in Recorder::directions()
  std::uint32_t hops = 0;
  MessageKind kind = MessageKind::kLost;
  bool echo = false, repair = false;
};

class MessageLog {
 public:
  using Places = std::deque<std::uint32_t>;  // of messages in the log

  // Call both before the first update, in this order. `base` is the client time of time zero.
  void choose(MessageChoice choice) { choice_ = std::move(choice); }
  void begin(const Plan& plan, herd::PosixNs base);

  // An update is accepted; it gets the next number. Decides whether it is logged.
  void accepted(std::uint32_t update, std::uint32_t subject, herd::PosixNs time_ns) {
    if (choice_.all || !chosen_.empty()) decide(update, subject, time_ns);
  }
  bool logs(std::uint32_t update) const {
    const std::size_t word = update / 64;
    return word < logged_.size() && (logged_[word] >> (update % 64) & 1) != 0;
  }

  // Precondition of the next two: logs() is true of the message's update. `end` is the endpoint at
  // which it arrives.
  void sent(std::uint32_t end, const LoggedMessage& message);
  // The oldest logged message to this endpoint has arrived.
  void received(std::uint32_t end, MessageKind kind, herd::Instant now);
  // All logged messages in flight to this endpoint are lost. Returns them.
  Places lost(std::uint32_t end);
  // Lost messages are in flight after all.
  void found(std::uint32_t end, const Places& messages);

  const MessageChoice& choice() const { return choice_; }
  // In the order of sending, as far as that is known.
  const std::vector<LoggedMessage>& messages() const { return messages_; }

 private:
  void decide(std::uint32_t update, std::uint32_t subject, herd::PosixNs time_ns);

  MessageChoice choice_;
  std::set<std::pair<std::uint32_t, herd::PosixNs>> chosen_;  // subject and client time
  std::vector<std::uint64_t> logged_;                         // by update, one bit each
  std::vector<LoggedMessage> messages_;
  std::unordered_map<std::uint32_t, Places> in_flight_;  // by endpoint
};

}  // namespace sim
