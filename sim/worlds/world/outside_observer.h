// Receives what is known of a herd whose servers are not our own: decisions that were deduced from
// its links, its replies or its database, beside what herd::Observer is told.
//
// One thread, the herd's.
#pragma once

#include <cstdint>

#include "core/observer.h"
#include "sim/worlds/world/in_flight.h"

namespace sim {

class OutsideObserver : public herd::Observer {
 public:
  // The server has died, and has lost what it held; its own links' ends were told to be down
  // before. And it is back, knowing nothing.
  virtual void server_stopped(herd::ServerId server, herd::Instant now) = 0;
  virtual void server_started(herd::ServerId server, herd::Instant now) = 0;
  // The server has died, but its records are in a database that lives on.
  virtual void front_end_stopped(herd::ServerId server, herd::Instant now) = 0;

  // The next two replace update_sent() and update_received() for herds that are watched from
  // outside. A message of an accepted update has come to `server`: known only now, when both ends
  // of its way are. `sent`: when it was put on its way.
  virtual void message_carried(herd::ServerId server, herd::NeighborId from, InFlight message,
                               herd::Instant sent, const herd::RecordView& report,
                               herd::Verdict verdict, herd::Moment now) = 0;
  // It was said to `server`, and never came.
  virtual void message_lost(herd::ServerId server, herd::NeighborId from, InFlight message,
                            herd::Instant sent, herd::Moment now) = 0;
  // The server was found to hold an accepted update, however that came to it, and nothing newer.
  // `dated`: it was found as soon as it held the update, so the time is that of the delivery.
  virtual void found_at(herd::ServerId server, std::uint32_t update, herd::Moment now,
                        bool dated) = 0;
  // The update was accepted earlier than was told. So no latency of it is known.
  virtual void acceptance_undated(std::uint32_t update) = 0;
  // The database of a herd whose servers share one has committed a client's report, or has found it
  // not to be newer. From its commit on every server knows it. A later commit may be told earlier.
  virtual void update_committed(herd::ServerId server, const herd::RecordView& report,
                                herd::Verdict verdict, herd::Moment now) = 0;

  // Returns the number of updates that the herd has accepted so far. An update that is accepted now
  // gets this number.
  virtual std::uint32_t accepted_count() const = 0;
};

}  // namespace sim
