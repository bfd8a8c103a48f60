// How a link's end finds out by itself that nothing comes through any more: both ends say something
// at least every so often, and one that hears nothing for longer lets go.
#pragma once

#include <chrono>

#include "core/time.h"

namespace herd {

// Both are greater than 0.
struct KeepAlive {
  Duration every = std::chrono::seconds(1);    // an end that said nothing for so long says ALIVE
  Duration timeout = std::chrono::seconds(3);  // one that heard nothing for so long lets go
  friend bool operator==(const KeepAlive&, const KeepAlive&) = default;
};

// When one link last spoke each way, and what follows from it.
class LinkWatch {
 public:
  enum class Due { kNothing, kAlive, kSilent };

  void start(Instant now) { said_ = heard_ = now; }
  // A line went out, or came in. Only a time is kept: this is done for every line.
  void said(Instant now) { said_ = now; }
  void heard(Instant now) { heard_ = now; }

  // What is to be done at `now`, `late` after the moment for which the world was asked to wake us.
  // Time that this server itself missed is not the neighbour's silence: lines may have come that
  // were not read yet. Where it woke later than half of `every`, that time does not count, and
  // there is at least another `every` for what was missed to be read; the latter once a silence,
  // so that a server that is always late finds out all the same.
  Due judge(const KeepAlive& rule, Instant now, Duration late);
  // When to judge again.
  Instant next(const KeepAlive& rule) const;

 private:
  Duration missed() const { return missed_since_ == heard_ ? missed_ : Duration(0); }

  Instant said_, heard_;
  Instant missed_since_;  // the silence that `missed_` is of, by when it began
  Duration missed_{};
};

}  // namespace herd
