// What a server asks of the world. A server calls these from within its inputs, in the order in
// which they are to be carried out; the world must not call back into the server before it returns.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/ids.h"
#include "core/record.h"

namespace herd {

using QueryId = Id<struct QueryTag>;  // a question to Places, by one server; unique in its life

// What a server wants to know of Places, all in the words of the client that asked.
struct PlacesQuestion {
  std::string_view location;
  std::string_view radius;
  double radius_km = 0;
  int bound = 0;
};

enum class CloseReason {
  kPeerDone,   // the other side has ended, and has all its answers
  kOverlong,   // a line beyond the limit
  kBadProof,   // a link that could not prove itself
  kNotLinked,  // the neighbour's acknowledgement did not come or was wrong
  kReplaced,   // the link is dialled again, by whichever end dials it
  kSilent,     // a link on which nothing came for too long
};

class Effects {
 public:
  virtual ~Effects() = default;

  // Text for a connection, as it stands: `text`, then `ending`. Views hold for the call only.
  virtual void send(ConnectionId to, std::string_view text, std::string_view ending) = 0;
  // A record for a proven link, as its AT line.
  virtual void send_update(ConnectionId link, const RecordView& report) = 0;
  // Ends a connection once all that was sent on it has gone out. Its closing is still reported
  // with connection_closed.
  virtual void close(ConnectionId connection, CloseReason reason) = 0;
  // Dials a neighbour; answered with dialled() or dial_failed().
  virtual void dial(NeighborId neighbor) = 0;
  // Gives up the dial that is under way; neither dialled() nor dial_failed() follows.
  virtual void abandon_dial(NeighborId neighbor) = 0;
  // The connection is a link from now on, before anything is said on it as such: what holds for
  // clients (how much may be unsent, how long they may stall) holds no more.
  virtual void became_link(ConnectionId connection, NeighborId neighbor) = 0;
  // Asks Places; answered with places_answered(), whatever comes of it.
  virtual void ask_places(QueryId query, const PlacesQuestion& question) = 0;
};

}  // namespace herd
