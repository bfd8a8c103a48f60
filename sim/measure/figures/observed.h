// How a herd's figures were had, and which of them can be known that way.
#pragma once

#include <string_view>

namespace sim {

enum class Observed {
  kInside,   // its servers' own decisions
  kShared,   // likewise, of servers that share a database and so tell each other nothing
  kLinks,    // what passed between its servers, and what its clients were answered
  kWhatsat,  // by asking its servers again and again, and what its clients were answered
  kLog,      // what its servers wrote, and what its clients were answered
  kReplies,  // what its clients were answered
};

constexpr std::string_view to_string(Observed observed) {
  switch (observed) {
    case Observed::kInside:
    case Observed::kShared:
      return "inside";
    case Observed::kLinks:
      return "links";
    case Observed::kWhatsat:
      return "whatsat";
    case Observed::kLog:
      return "log";
    case Observed::kReplies:
      return "replies";
  }
  return "";
}

// Figures that are not known are left empty.
constexpr bool knows_messages(Observed observed) {
  return observed == Observed::kInside || observed == Observed::kLinks;
}
// Of links: what passed over them, and when they were down.
constexpr bool knows_links(Observed observed) {
  return knows_messages(observed) || observed == Observed::kShared;
}
// What each server holds.
constexpr bool knows_records(Observed observed) { return observed != Observed::kReplies; }
constexpr bool knows_deliveries(Observed observed) {
  return knows_records(observed) && observed != Observed::kShared;
}
// What only a server itself can tell: lines that it refused, connections that it has.
constexpr bool knows_inside(Observed observed) {
  return observed == Observed::kInside || observed == Observed::kShared;
}
constexpr bool knows_sync(Observed observed) { return observed == Observed::kInside; }

}  // namespace sim
