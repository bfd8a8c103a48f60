// What a server decided, told as it happens: every number of a run is counted from these. All views
// hold for the call only. Calls come from within the server's inputs.
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

  // A client's IAMAT was heard: taken as newer, or not. Before anything that follows from it.
  virtual void update_heard(ServerId server, const RecordView& report, Verdict verdict,
                            Moment now) = 0;
  // A record goes out on a link.
  virtual void update_sent(ServerId server, NeighborId to, const RecordView& report,
                           Moment now) = 0;
  // A record goes out on a link because the neighbour lacks it, not because it is news here.
  // Before the effect.
  virtual void repair_sent(ServerId server, NeighborId to, const RecordView& report,
                           Moment now) = 0;
  // So many bytes go out on a link to find out what its ends lack, endings included.
  virtual void summary_sent(ServerId server, NeighborId to, std::size_t bytes, Moment now) = 0;
  // This end has told the neighbour of all that it lacked, and the neighbour this end. Only with
  // Recovery::kSync, once after each link_up().
  virtual void link_synchronized(ServerId server, NeighborId neighbor, Moment now) = 0;
  // A record came in on a link, as news or as a repair: taken, already held, or stale. Before it is
  // sent on.
  virtual void update_received(ServerId server, NeighborId from, const RecordView& report,
                               Verdict verdict, Moment now) = 0;
  // A link's end is proven, or is not any more. Both ends tell.
  virtual void link_up(ServerId server, NeighborId neighbor, Moment now) = 0;
  virtual void link_down(ServerId server, NeighborId neighbor, Moment now) = 0;
  // A line that is no command: answered with `? ` unless it came on a link.
  virtual void line_refused(ServerId server, std::string_view line, const ParseError& error,
                            bool on_link) = 0;
  // A WHATSAT with good fields.
  virtual void query_heard(ServerId server, const Whatsat& query) = 0;
};

}  // namespace herd
