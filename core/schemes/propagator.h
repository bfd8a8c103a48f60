// One server's part of a propagation scheme that has a state or lines of its own. The server calls
// it for what happens; it sends records and lines through its host, which is the server.
//
// A link that goes down takes the state of that link with it, at both endpoints; a link that comes
// up starts without any. Records that came by repair are passed on by flooding in every scheme,
// because a repair happens where the scheme's structure has failed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/herd_map.h"
#include "core/ids.h"
#include "core/random.h"
#include "core/record_store.h"
#include "core/time.h"
#include "core/tree_edge.h"

namespace herd {

// The functions that a scheme may call of its server. May be called from within the Propagator's
// functions only.
class PropagatorHost {
 public:
  virtual ~PropagatorHost() = default;

  virtual std::uint32_t neighbors() const = 0;
  virtual bool link_is_up(NeighborId neighbor) const = 0;
  virtual std::string_view name() const = 0;
  virtual std::string_view neighbor_name(NeighborId neighbor) const = 0;
  virtual const RecordStore& records() const = 0;
  // Returns the map of the herd; nullptr if the server was not given one.
  virtual const HerdMap* map() const = 0;
  // Returns the spanning trees that servers on one thread share. Precondition: map() is not null.
  virtual TreeMemo& trees() = 0;
  // Returns true if a neighbour that lacks records gets them when links come up.
  virtual bool recovers() const = 0;
  // Returns the scheme's own stream of random numbers.
  virtual Random& random_numbers() = 0;

  // Sends a record as news. Precondition of this and the next two: the link is up.
  virtual void send_news(NeighborId to, const RecordView& record, Moment now) = 0;
  // Sends a line of the scheme, without its ending.
  virtual void say_control(NeighborId to, std::string_view line, Moment now) = 0;
  // The neighbour holds the record: it leaves what waits to be sent to the neighbour.
  virtual void held_by(NeighborId neighbor, const RecordView& record, Moment now) = 0;
  // Compares the records of both endpoints and sends each what it lacks. No effect unless
  // recovers().
  virtual void compare(NeighborId neighbor, Moment now) = 0;
  // Reports that the scheme routes by another map. Equal numbers are equal maps; 0 is the whole
  // one, and kSettlingMap none.
  virtual void map_changed(std::uint64_t map, Moment now) = 0;
  // Reports what a link is in a tree from now on; see Observer.
  virtual void tree_changed(NeighborId neighbor, std::string_view root, TreeEdge edge,
                            Moment now) = 0;
};

class Propagator {
 public:
  virtual ~Propagator() = default;

  virtual void start(Moment) {}
  virtual void link_up(NeighborId, Moment) {}
  virtual void link_down(NeighborId, Moment) {}
  // The server has accepted a record as news, from a neighbour or from a client (nullopt).
  virtual void taken(const RecordView& record, std::optional<NeighborId> from, Moment now) = 0;
  // The server has accepted a record as a repair; it passes the record on itself.
  virtual void repaired(const RecordView&) {}
  // A neighbour sent news that the server holds already (kDuplicate) or that is older (kStale).
  virtual void not_taken(const RecordView&, NeighborId /*from*/, Verdict, Moment) {}
  // A line whose first word is one of the scheme's. Returns false if the line is wrong.
  virtual bool line(NeighborId from, std::string_view text, Moment now) = 0;

  // Returns when time_reached() is due; nullopt if nothing is due. Any call may change it.
  virtual std::optional<Instant> deadline() const { return std::nullopt; }
  virtual void time_reached(Moment) {}
  // Returns true if the scheme will send nothing of itself.
  virtual bool is_quiet() const { return true; }
};

}  // namespace herd
