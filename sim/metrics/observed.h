// How a herd's figures were had: a native herd's from its servers' own decisions, another's from
// what can be seen of it from the outside.
#pragma once

#include <string_view>

namespace sim {

enum class Observed {
  kInside,   // told by the servers, decision by decision
  kLinks,    // seen on the links between them
  kWhatsat,  // asked of the servers, as a client asks
  kLog,      // read in what they write to their logs
  kReplies,  // nothing but the answers that clients had
};

// As summary.csv says it.
constexpr std::string_view to_string(Observed observed) {
  switch (observed) {
    case Observed::kInside:
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

}  // namespace sim
