// The records that neighbours announced and a server does not hold, for schemes that announce
// records before they send them. The server asks the announcers of a record for it one after the
// other, and gives the record up once all were asked in vain: what recovery there is will find it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/record_entry.h"
#include "core/schemes/held_entries.h"
#include "core/time.h"

namespace herd {

class AnnouncedEntries {
 public:
  // Records that one neighbour is asked for now.
  struct Request {
    std::uint32_t tree = 0;
    NeighborId to;
    std::vector<std::uint64_t> clients;  // hashes, in ascending order
  };

  // An announcer has the time `retry` to answer before the next one is asked.
  explicit AnnouncedEntries(Duration retry) : retry_(retry) {}

  // Takes note that a neighbour announced a record that is not held. If it is newer than what was
  // announced of its client before, its announcer is asked first, at `first_asked`. The announcers
  // of the older record follow: they are all that is left if the link to that one is lost. `tree`
  // is the scheme's own number for the tree that the record comes by.
  void announced(const RecordEntry& entry, NeighborId from, std::uint32_t tree,
                 Instant first_asked);
  // Takes note that a record of the client was accepted: what is held now is asked for no more.
  void accepted(std::uint64_t client, HeldEntries& held);
  // The neighbour will not be asked.
  void forget(NeighborId neighbor);
  // All that comes by the tree is asked for at `at`.
  void ask_at(std::uint32_t tree, Instant at);

  // Returns true if nothing is missing.
  bool empty() const { return missing_.empty(); }
  // Returns a time that is not after the next request is due.
  std::optional<Instant> deadline() const { return due_; }
  // Returns the requests that are due, in the order of trees and then of neighbours.
  std::vector<Request> take_due(Instant now);

 private:
  struct Missing {
    RecordEntry entry;
    std::uint32_t tree = 0;
    std::vector<NeighborId> announcers;  // who was not asked yet, in the order of arrival
    Instant due;                         // when the next one is asked
  };

  void set_due(Missing& missing, Instant at);

  Duration retry_;
  std::map<std::uint64_t, Missing> missing_;  // by the client's hash
  std::optional<Instant> due_;
};

}  // namespace herd
