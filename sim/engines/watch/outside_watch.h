// Collects what can be known of a foreign herd from outside: which of its clients' updates it has
// accepted, and which of its servers hold them. Keeps a picture of each server by the rules of
// protocol.md, and reports to an OutsideObserver.
//
// The herd's thread only. Instants are the run clock's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/record_store.h"
#include "core/time.h"
#include "sim/engines/watch/report_match.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/scenario.h"
#include "sim/worlds/world/outside_observer.h"

namespace sim {

class OutsideWatch {
 public:
  // All arguments must outlive the watch.
  OutsideWatch(const HerdSpec& spec, const Plan& plan, OutsideObserver& observer);

  // Begins to watch, at the run's time zero. Earlier updates are not known. `base` is the
  // client time of time zero.
  void begin(herd::PosixNs base) { matcher_.emplace(plan_, base), base_ = base; }
  bool begun() const { return matcher_.has_value(); }
  // Precondition of this and of everything below: begun().
  const ReportMatcher& matcher() const { return *matcher_; }

  // A client was answered by the server that took its update. The update is then accepted, unless
  // that server already held a newer one. It was accepted at the first sign of it that its server
  // gave: the answer, or a sighting before that. If another server was seen to hold it still
  // earlier, it was accepted at a time that is not known.
  void answered(std::uint32_t update, std::uint32_t server, herd::Instant at);
  // The server heard the update from a client. It is the first that is known to have it.
  void heard(std::uint32_t update, std::uint32_t server, herd::Instant at);
  // The server was found to hold the update. If no server is known to have accepted it yet, this is
  // remembered until one has. `dated`: it was found as soon as the server held it.
  void found(std::uint32_t update, std::uint32_t server, herd::Instant at, bool dated = true);
  // The server has been handed the update in `message`.
  void carried(std::uint32_t update, std::uint32_t server, herd::NeighborId from, InFlight message,
               herd::Instant sent, herd::Instant at);

  // Returns the update's place in the herd's accepted updates; kNoIndex if no server is known to
  // have accepted it.
  std::uint32_t accepted_as(std::uint32_t update) const { return accepted_as_[update]; }
  bool decided(std::uint32_t update) const { return decided_[update]; }
  // Returns whether the server is known to hold the update, or a newer one of its client.
  bool holds(std::uint32_t server, std::uint32_t update);

  void server_stopped(std::uint32_t server, herd::Instant at);
  void server_started(std::uint32_t server, herd::Instant at);
  // Returns what the server is known to hold.
  const herd::RecordStore& records(std::uint32_t server) const { return records_[server]; }

 private:
  struct Sighting {
    std::uint32_t server = 0;
    herd::Instant at;
    bool dated = true;
  };
  // Returns the update as an AT line of the server that heard it. Valid until the next call.
  herd::RecordView report(std::uint32_t update);
  void accept(std::uint32_t update, std::uint32_t server, herd::Verdict verdict, herd::Instant at);

  const HerdSpec& spec_;
  const Plan& plan_;
  OutsideObserver& observer_;
  std::optional<ReportMatcher> matcher_;
  herd::PosixNs base_ = 0;
  std::vector<std::uint32_t> accepted_as_, origin_;  // by planned update
  std::vector<bool> decided_;                        // likewise: accepted, or no news
  std::vector<herd::RecordStore> records_;           // by server
  std::unordered_map<std::uint32_t, std::vector<Sighting>> early_;  // by planned update
  std::string line_;
};

}  // namespace sim
