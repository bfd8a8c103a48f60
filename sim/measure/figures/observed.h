// How herdsim observed a herd, and which figures can be known in that way.
#pragma once

#include <string_view>

namespace sim {

enum class Observed {
  kInside,   // the servers' own decisions
  kShared,   // the decisions of servers that share a database and exchange no messages
  kLinks,    // the messages between servers, and the replies to clients
  kWhatsat,  // the servers' answers to repeated WHATSATs, and the replies to clients
  kLog,      // the servers' logs, and the replies to clients
  kReplies,  // the replies to clients
  // The same of servers that are served elsewhere: they were there before the run, may have told
  // each other of other clients, and may have restarted.
  kElsewhereWhatsat,
  kElsewhereReplies,
};

constexpr std::string_view to_string(Observed observed) {
  switch (observed) {
    case Observed::kInside:
    case Observed::kShared:
      return "inside";
    case Observed::kLinks:
      return "links";
    case Observed::kWhatsat:
    case Observed::kElsewhereWhatsat:
      return "whatsat";
    case Observed::kLog:
      return "log";
    case Observed::kReplies:
    case Observed::kElsewhereReplies:
      return "replies";
  }
  return "";
}

// These return whether a group of figures is known. Figures that are not known are left empty.
constexpr bool knows_messages(Observed observed) {
  return observed == Observed::kInside || observed == Observed::kLinks;
}
// The links: what passed over them, and when they were down.
constexpr bool knows_links(Observed observed) {
  return knows_messages(observed) || observed == Observed::kShared;
}
// Whether servers restarted: those that a run starts and stops itself, or whose processes it sees.
constexpr bool knows_restarts(Observed observed) {
  return observed != Observed::kElsewhereWhatsat && observed != Observed::kElsewhereReplies;
}
// The records that each server holds, at any time and of any client.
constexpr bool knows_records(Observed observed) {
  return knows_restarts(observed) && observed != Observed::kReplies;
}
// Which servers an update has reached.
constexpr bool knows_reach(Observed observed) {
  return knows_records(observed) || observed == Observed::kElsewhereWhatsat;
}
// When an update reached a server for the first time.
constexpr bool knows_deliveries(Observed observed) {
  return knows_reach(observed) && observed != Observed::kShared;
}
// Figures that only a server itself knows: lines that it refused, and its connections.
constexpr bool knows_inside(Observed observed) {
  return observed == Observed::kInside || observed == Observed::kShared;
}
constexpr bool knows_sync(Observed observed) { return observed == Observed::kInside; }

}  // namespace sim
