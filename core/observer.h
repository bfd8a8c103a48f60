// A server's decisions, reported as they happen. All figures of a run are counted from these calls.
// All views are valid during the call only. The calls come from within the server's inputs.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/effects.h"
#include "core/ids.h"
#include "core/parse.h"
#include "core/record.h"
#include "core/record_store.h"
#include "core/time.h"

namespace herd {

class Observer {
 public:
  virtual ~Observer() = default;

  // A client's IAMAT was heard: accepted, a duplicate, or stale. Called before all its
  // consequences.
  virtual void update_heard(ServerId server, const RecordView& report, Verdict verdict,
                            Moment now) = 0;
  // A record goes out on a link as news.
  virtual void update_sent(ServerId server, NeighborId to, const RecordView& report,
                           Moment now) = 0;
  // A record goes out on a link because the neighbour lacks it, not because it is news here. Called
  // before the effect.
  virtual void repair_sent(ServerId server, NeighborId to, const RecordView& report,
                           Moment now) = 0;
  // A line of synchronization without a record goes out on a link. `bytes` includes its ending.
  virtual void summary_sent(ServerId server, NeighborId to, std::size_t bytes, Moment now) = 0;
  // This endpoint and the neighbour have sent each other all that they lacked. Only with
  // Recovery::kSync, once after each link_up().
  virtual void link_synchronized(ServerId server, NeighborId neighbor, Moment now) = 0;
  // A record came in on a link, as news or as a repair: accepted, a duplicate, or stale. Called
  // before it is relayed.
  virtual void update_received(ServerId server, NeighborId from, const RecordView& report,
                               Verdict verdict, Moment now) = 0;
  // This endpoint of a link is up, or no longer. Each endpoint reports for itself.
  virtual void link_up(ServerId server, NeighborId neighbor, Moment now) = 0;
  virtual void link_down(ServerId server, NeighborId neighbor, Moment now) = 0;
  // A line was not a valid command. The server answers it with `? `, unless it came on a link.
  virtual void line_refused(ServerId server, std::string_view line, const ParseError& error,
                            bool on_link) = 0;
  // A WHATSAT with valid fields for a known client was heard.
  virtual void query_heard(ServerId server, const Whatsat& query) = 0;
};

}  // namespace herd
