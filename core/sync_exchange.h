// One comparison of what the two ends of a link hold, as one of them plays it: it answers what the
// other asks and asks in turn, until neither has a question left and each has all that it lacked.
//
// Ranges of the clients' hashes are compared by their sums. One that differs is split in sixteen
// until it is so small that its records are listed; of those, only what the other end lacks is
// sent. (Range-based set reconciliation: A. Meyer, "Range-Based Set Reconciliation", 2023, over a
// fixed tree of ranges.) The cost is in proportion to what differs, times the logarithm of what is
// held.
//
// Neither end stands still meanwhile: every answer is of what it holds at that moment. That is
// enough, because each sends on over this link whatever it takes from the comparison's start on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "core/record_store.h"
#include "core/record_summary.h"
#include "core/sync_lines.h"

namespace herd {

class SyncExchange {
 public:
  class Output {
   public:
    virtual ~Output() = default;
    // A line of the comparison, for the other end. The view holds for the call.
    virtual void say(std::string_view line) = 0;
    // A record that the other end lacks; returns its bytes on the link.
    virtual std::size_t repair(const RecordView& record) = 0;
  };

  // What one end holds, for the length of a call.
  struct Holdings {
    const RecordStore& store;
    const RecordSummary& summary;
  };

  // Says BEGIN: this end leads.
  void begin(Holdings own, Output& out);
  // The other end has said BEGIN.
  void answer(Holdings own, const SyncBegin& begin, Output& out);

  // What the other end says next. False where it has no place here: then nothing is done.
  bool take(Holdings own, const SyncSum& sum, Output& out);
  bool take(Holdings own, const SyncList& list, Output& out);
  bool take(Holdings own, const SyncWant& want, Output& out);
  bool take(Holdings own, SyncMore, Output& out);
  bool take(Holdings own, SyncGo, Output& out);
  bool take(Holdings own, SyncEnd end, Output& out);

  // A record that the other end sent is new here, at this place. Where another client here has the
  // same hash, that one may have been mistaken for it at the other end, and is sent in its turn.
  void taken(Holdings own, std::uint32_t place, Output& out);

  // Whether both ends are through.
  bool is_over() const { return over_; }

 private:
  // The most records that an end lists of a range before it splits it: a list of so many is about
  // as long as the sums of sixteen parts.
  static constexpr std::size_t kMostListed = 8;

  template <class Command>
  void say(const Command& command, Output& out);
  template <class Question>
  void ask(const Question& question, Output& out);
  void compare(Holdings own, const HashPrefix& range, const RangeSum& theirs, Output& out);
  // Queues what they lack of the records of one hash; true where we lack some of theirs.
  bool settle(Holdings own, std::span<const SyncList::Entry> theirs,
              std::span<const std::uint32_t> ours);
  void queue(Holdings own, const HashPrefix& range);
  bool has_too_much_queued(Holdings own) const;
  // Sends what is queued, as far as it goes, and ends the round where it is this end's to end.
  void go_on(Holdings own, Output& out);

  std::deque<std::uint32_t> queued_;  // records that the other end is to have, by their places
  std::size_t unconfirmed_ = 0;       // bytes of records since the last GO
  bool waits_for_go_ = false;
  bool waits_for_end_ = false;  // the round is the other end's
  bool over_ = false;
  std::uint64_t asked_ = 0;  // since the last END
  std::string line_;
};

}  // namespace herd
