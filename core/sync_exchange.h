// One comparison between the two endpoints of a link, from the side of one of them. It answers the
// other endpoint's questions and asks its own. The comparison ends when neither has a question left
// and each has all records that it lacked.
//
// The endpoints compare the sums of ranges of the clients' hashes. A range that differs is split
// into sixteen, until it is small enough to list its records. Only the listed records that the
// other endpoint lacks are sent. (Range-based set reconciliation: A. Meyer, "Range-Based Set
// Reconciliation", 2023, over a fixed tree of ranges.) The cost is proportional to the number of
// differences, times the logarithm of the number of records.
//
// Neither endpoint stops taking updates meanwhile: every answer has the records of its moment. This
// is enough because from the start of the comparison each endpoint also sends every record that it
// accepts over this link.
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
    // Sends a line of the comparison to the other endpoint. The view is valid during the call.
    virtual void say(std::string_view line) = 0;
    // Sends a record that the other endpoint lacks. Returns its number of bytes on the link.
    virtual std::size_t repair(const RecordView& record) = 0;
  };

  // The records of this endpoint, valid during one call.
  struct Holdings {
    const RecordStore& store;
    const RecordSummary& summary;
  };

  // Sends BEGIN: this endpoint leads.
  void begin(Holdings own, Output& out);
  // Handles the other endpoint's BEGIN.
  void answer(Holdings own, const SyncBegin& begin, Output& out);

  // Handle the other endpoint's next line. Return false, without any effect, if it is out of place.
  bool take(Holdings own, const SyncSum& sum, Output& out);
  bool take(Holdings own, const SyncList& list, Output& out);
  bool take(Holdings own, const SyncWant& want, Output& out);
  bool take(Holdings own, SyncMore, Output& out);
  bool take(Holdings own, SyncGo, Output& out);
  bool take(Holdings own, SyncEnd end, Output& out);

  // Reports that a record from the other endpoint was accepted here, at `place`. If exactly one
  // other client here has the same hash, the other endpoint may have mistaken one for the other.
  // The exchange then sends that client's record.
  void taken(Holdings own, std::uint32_t place, Output& out);

  // Returns true if both endpoints have finished.
  bool is_over() const { return over_; }

 private:
  // The most records of a range that an endpoint lists instead of splitting the range. A list of
  // this length is about as long as the sums of sixteen parts.
  static constexpr std::size_t kMostListed = 8;

  template <class Command>
  void say(const Command& command, Output& out);
  template <class Question>
  void ask(const Question& question, Output& out);
  void compare(Holdings own, const HashPrefix& range, const RangeSum& theirs, Output& out);
  // Compares the records of one hash and queues those that the other endpoint lacks. Returns true
  // if this endpoint lacks some of theirs.
  bool settle(Holdings own, std::span<const RecordEntry> theirs,
              std::span<const std::uint32_t> ours);
  void queue(Holdings own, const HashPrefix& range);
  bool has_too_much_queued(Holdings own) const;
  // Sends queued records as far as the window allows. Ends the round if this endpoint has to end
  // it.
  void go_on(Holdings own, Output& out);

  std::deque<std::uint32_t> queued_;  // places of the records to send to the other endpoint
  std::size_t unconfirmed_ = 0;       // bytes of records since the last GO
  bool waits_for_go_ = false;
  bool waits_for_end_ = false;  // the other endpoint has to end the round
  bool over_ = false;
  std::uint64_t asked_ = 0;  // questions since the last END
  std::string line_;
};

}  // namespace herd
