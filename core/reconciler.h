// How a server catches up with its neighbours (Recovery::kSync): when a link comes up its two ends
// say what they hold, and where that differs one of them leads a comparison (sync_exchange.h).
//
// The end that holds fewer records leads. A server leads one comparison at first, that with the
// neighbour that holds most, and with each that is done one more at a time: so a server that
// restarts has everything once from one neighbour, and finds itself nearly in step with the others.
// It follows any number at once, so no two servers wait for each other.
//
// What a server takes by such a repair it passes on as news, but not to a neighbour with which its
// comparison is still to come: that will find it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/record_store.h"
#include "core/record_summary.h"
#include "core/sync_exchange.h"
#include "core/sync_lines.h"
#include "core/time.h"

namespace herd {

class Reconciler {
 public:
  class Output {
   public:
    virtual ~Output() = default;
    // A line for the neighbour. The view holds for the call.
    virtual void say(NeighborId to, std::string_view line, Moment now) = 0;
    // A record that the neighbour lacks; returns its bytes on the link.
    virtual std::size_t repair(NeighborId to, const RecordView& record, Moment now) = 0;
    // Once after each link_up().
    virtual void synchronized(NeighborId neighbor, Moment now) = 0;
  };

  struct Neighbor {
    bool dials = false;  // this server dials it
    Duration timeout{};  // how long it may say nothing before others have their turn
  };

  // `store` and `output` must outlive the reconciler.
  Reconciler(const RecordStore& store, std::vector<Neighbor> neighbors, Output& output);

  void link_up(NeighborId neighbor, Moment now);
  void link_down(NeighborId neighbor, Moment now);
  // A line of recovery came from a neighbour, a record perhaps.
  void heard_from(NeighborId neighbor, Moment now);
  // What it says, which is no error and no record. False where it has no place here: then nothing
  // is done.
  bool take(NeighborId from, const SyncCommand& command, Moment now);
  // The store has taken a report of this client, from wherever.
  void record_taken(std::string_view client);
  // The same, of a report that the neighbour sent as a repair.
  void repair_taken(NeighborId from, std::string_view client, Moment now);
  // Whether a record that came by repair goes on to this neighbour, whose link is up, at once.
  bool passes_on_to(NeighborId neighbor);

  // When time_passed() is due for a link; nullopt where it never is.
  std::optional<Instant> next_check(NeighborId neighbor, Moment now) const;
  void time_passed(NeighborId neighbor, Moment now);

  bool is_synchronized(NeighborId neighbor) const {
    return links_[neighbor.value].state == State::kSynchronized;
  }

 private:
  enum class State {
    kDown,
    kHandshake,  // what the neighbour holds is not known yet
    kToLead,     // waits for its turn
    kToFollow,   // waits for BEGIN
    kComparing,
    kSynchronized,
  };

  struct Link {
    State state = State::kDown;
    RangeSum own, theirs;           // as HOLD said
    bool held_back = false;         // some repair was not passed on since `own` was said
    bool was_synchronized = false;  // synchronized() was told
    bool has_turn = false;          // counts among leading_
    bool idle = false;              // has said nothing for longer than its patience
    Instant progress;               // when it last said anything of this
    SyncExchange exchange;          // of kComparing
  };

  // One link's way out of an exchange.
  class LinkOutput;

  bool handle(NeighborId from, const SyncHold& hold, Moment now);
  bool handle(NeighborId from, const SyncBegin& begin, Moment now);
  template <class Command>
  bool handle(NeighborId from, const Command& command, Moment now);

  void say_hold(NeighborId to, Moment now);
  void lead(NeighborId neighbor, Moment now);
  void lead_next(Moment now);
  void give_turn_back(Link& link);
  void finish(NeighborId neighbor, Moment now);
  SyncExchange::Holdings holdings();
  void release_summary();

  const RecordStore& store_;
  std::vector<Neighbor> neighbors_;
  Output& output_;
  std::vector<Link> links_;
  std::size_t leading_ = 0;               // comparisons that this server leads
  std::size_t allowed_ = 1;               // and may lead at once
  std::optional<RecordSummary> summary_;  // while any link needs it
};

}  // namespace herd
