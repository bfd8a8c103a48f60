// Synchronizes a server with its neighbours (Recovery::kSync). When a link comes up, its two
// endpoints tell each other what they hold. If that differs, one of them leads a comparison
// (sync_exchange.h).
//
// The endpoint with fewer records leads. At first a server leads one comparison at a time, with the
// neighbour that holds the most records. For each comparison that it completes, it may lead one
// more at a time. So a server that restarts receives all records once, from one neighbour, and then
// differs little from the others. A server follows in any number of comparisons at once, so two
// servers never wait for each other.
//
// A server relays the records that it accepts from a repair as news. It does not send them to a
// neighbour with which its comparison has not begun, because the comparison will find them.
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
    // Sends a line to the neighbour. The view is valid during the call.
    virtual void say(NeighborId to, std::string_view line, Moment now) = 0;
    // Sends a record that the neighbour lacks. Returns its number of bytes on the link.
    virtual std::size_t repair(NeighborId to, const RecordView& record, Moment now) = 0;
    // Reports that the link is synchronized. Called once after each link_up().
    virtual void synchronized(NeighborId neighbor, Moment now) = 0;
  };

  struct Neighbor {
    bool dials = false;  // this server dials the neighbour
    Duration timeout{};  // silence after which its turn passes to the next neighbour
  };

  // `store` and `output` must outlive the reconciler.
  // `every`: the endpoint that dialled compares again this long after each comparison.
  Reconciler(const RecordStore& store, std::vector<Neighbor> neighbors,
             std::optional<Duration> every, Output& output);

  void link_up(NeighborId neighbor, Moment now);
  void link_down(NeighborId neighbor, Moment now);
  // Compares the records of both endpoints once more, also if the link is synchronized: each
  // endpoint gets everything that the other one holds when it hears of this, or will hold by then.
  // No effect if the link is down.
  void compare(NeighborId neighbor, Moment now);
  // Reports that any line of recovery, also a record, came from a neighbour.
  void heard_from(NeighborId neighbor, Moment now);
  // Handles a line of the neighbour that is neither an error nor a record. Returns false, without
  // any effect, if the line is out of place.
  bool take(NeighborId from, const SyncCommand& command, Moment now);
  // Reports that the store accepted a report of this client from any source except a repair.
  void record_taken(std::string_view client);
  // The same for a report that the neighbour sent as a repair.
  void repair_taken(NeighborId from, std::string_view client, Moment now);
  // Returns true if a record that came by repair goes to this neighbour at once. Precondition: the
  // link is up.
  bool passes_on_to(NeighborId neighbor);

  // Returns when time_passed() is due for a link; nullopt if it is not due.
  std::optional<Instant> next_check(NeighborId neighbor, Moment now) const;
  void time_passed(NeighborId neighbor, Moment now);

  bool is_synchronized(NeighborId neighbor) const {
    return links_[neighbor.value].state == State::kSynchronized;
  }
  // Returns true if the last comparison on the link found no difference, and this store has
  // accepted nothing since its side of it. If both endpoints say so, they hold the same, also while
  // the next comparison is in progress.
  bool holds_the_same(NeighborId neighbor) const {
    return links_[neighbor.value].same_at == accepted_;
  }

 private:
  enum class State {
    kDown,
    kHandshake,  // the neighbour's HOLD has not come yet, or not again
    kToLead,     // waits for its turn to lead
    kToFollow,   // waits for BEGIN
    kComparing,
    kSynchronized,
  };

  struct Link {
    State state = State::kDown;
    RangeSum own, theirs;       // as in the two HOLDs
    std::uint64_t said_at = 0;  // accepted_ when `own` was summed
    // The same of the last comparison; nullopt if it found a difference, or if there was none.
    std::optional<std::uint64_t> same_at;
    bool said = false;              // of kHandshake: this endpoint's HOLD has gone out
    bool again = false;             // compare once more when this comparison is over
    bool held_back = false;         // a repair was withheld since `own` was sent
    bool was_synchronized = false;  // synchronized() was called
    bool has_turn = false;          // counts in leading_
    bool idle = false;              // has been silent for longer than its timeout
    Instant progress;               // when it last sent a line of recovery, or was synchronized
    SyncExchange exchange;          // of kComparing
  };

  // The output of one link's exchange.
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
  std::optional<Duration> every_;
  Output& output_;
  std::vector<Link> links_;
  std::uint64_t accepted_ = 0;            // reports that the store accepted
  std::size_t leading_ = 0;               // comparisons that this server leads
  std::size_t allowed_ = 1;               // comparisons that it may lead at once
  std::optional<RecordSummary> summary_;  // exists while any link needs it
};

}  // namespace herd
