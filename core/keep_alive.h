// Keep-alives: how an endpoint of a link finds out that nothing comes through any more. Both
// endpoints send something at least once in `every`. An endpoint that receives nothing for
// `timeout` closes the link.
#pragma once

#include <chrono>
#include <string_view>

#include "core/time.h"

namespace herd {

// The line that an endpoint sends if it has nothing else to say.
inline constexpr std::string_view kAliveLine = "ALIVE";

// The rules for one endpoint of a link. Both durations are greater than 0.
struct KeepAlive {
  Duration every = std::chrono::seconds(1);    // own silence after which it sends ALIVE
  Duration timeout = std::chrono::seconds(3);  // neighbour's silence after which it closes the link
  friend bool operator==(const KeepAlive&, const KeepAlive&) = default;
};

// The times of the last line in each direction of one link, and what is due because of them.
class LinkWatch {
 public:
  enum class Due { kNothing, kAlive, kSilent };

  void start(Instant now) { said_ = heard_ = now; }
  // Report that a line was sent or received. They only store the time, because they run for every
  // line.
  void said(Instant now) { said_ = now; }
  void heard(Instant now) { heard_ = now; }
  // Return the times of the last line in each direction, or of start().
  Instant last_said() const { return said_; }
  Instant last_heard() const { return heard_; }

  // Returns what is due at `now`. `late` is how much later than requested the world called.
  //
  // Time in which this server itself was late does not count as the neighbour's silence: lines may
  // have come that were not read yet. If `late` is more than half of `every`:
  // - `late` does not count as silence;
  // - once in each silence, the server waits at least one more `every`, to read those lines.
  //
  // A server waits only once, so that a server that is always late still finds a dead link.
  Due judge(const KeepAlive& rule, Instant now, Duration late);
  // Returns when to call judge() next.
  Instant next(const KeepAlive& rule) const;

 private:
  Duration missed() const { return missed_since_ == heard_ ? missed_ : Duration(0); }

  Instant said_, heard_;
  Instant missed_since_;  // the silence to which `missed_` belongs, by its beginning
  Duration missed_{};
};

}  // namespace herd
