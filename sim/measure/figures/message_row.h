// A row of messages.csv.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace sim {

// What became of a message at its receiver.
enum class MessageKind : std::uint8_t {
  kDelivery,
  kAgain,  // a delivery again, after the receiver lost its memory
  kDuplicate,
  kStale,
  kLost,
  kRefused,  // the receiver took it for a line that breaks the rules
};

// Returns the word for it in messages.csv.
constexpr std::string_view to_string(MessageKind kind) {
  switch (kind) {
    case MessageKind::kDelivery:
      return "delivery";
    case MessageKind::kAgain:
      return "again";
    case MessageKind::kDuplicate:
      return "duplicate";
    case MessageKind::kStale:
      return "stale";
    case MessageKind::kLost:
      return "lost";
    case MessageKind::kRefused:
      return "refused";
  }
  return "";
}

struct MessageRow {
  std::uint32_t update = 0;        // its number in the herd's run
  std::uint32_t from = 0, to = 0;  // indices into HerdResults::servers
  herd::Instant sent;
  std::optional<herd::Instant> received;  // nullopt: lost
  std::uint32_t hops = 0;
  MessageKind kind = MessageKind::kLost;
  bool echo = false, repair = false;
};

}  // namespace sim
