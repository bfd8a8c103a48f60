// The effects that a server asks the world to carry out. A server calls these functions from within
// its inputs, in the order in which the world must carry them out. The world must not call back
// into the server before the call returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/ids.h"
#include "core/record.h"
#include "core/time.h"

namespace herd {

using QueryId = Id<struct QueryTag>;  // a question to Places; unique within one server's life

// A question to Places. The text fields are copied from the client's command.
struct PlacesQuestion {
  std::string_view location;
  std::string_view radius;
  double radius_km = 0;
  int bound = 0;
};

enum class CloseReason : std::uint8_t {
  kPeerDone,      // the other endpoint has ended, and has all its answers
  kOverlong,      // a line was longer than the limit
  kBadHandshake,  // a LINK had a wrong name, or the MAC after it was wrong
  kNotLinked,     // an answer to the handshake was missing or wrong
  kRedialled,     // a handshake in progress is abandoned, because the link is dialled again
  kReplaced,      // the neighbour has opened another connection, which is the link now
  kSilent,        // nothing came on the link for longer than the timeout
};

class Effects {
 public:
  virtual ~Effects() = default;

  // Sends `text` and then `ending` on a connection, byte for byte. The views are valid during the
  // call only.
  virtual void send(ConnectionId to, std::string_view text, std::string_view ending) = 0;
  // Returns false while too much is unsent to a client. The server then keeps the answers that
  // waited for Places until output_drained(). A world without such a limit has no need to say so.
  virtual bool has_room(ConnectionId /*client*/) const { return true; }
  // Returns when fewer than `bytes` of what was sent to a neighbour still wait to go out; a time
  // that has passed if it is so now. Instant::max(): not known, and link_drained() says when
  // nothing waits. A world whose links never make anything wait has no need to say so.
  // Precondition: the link is up.
  virtual Instant room_at(NeighborId /*neighbor*/, std::size_t /*bytes*/) const {
    return Instant::min();
  }
  // Sends a record on a link that is up, as its AT line.
  virtual void send_update(ConnectionId link, const RecordView& report) = 0;
  // The same for several links, in this order, and the largest number of links that the world takes
  // at once. The server asks for that number when it is made. A world that can share no work
  // between links has no need to say so.
  static constexpr std::uint8_t kMostLinksAtOnce = 8;
  virtual std::uint8_t links_at_once() const { return 1; }
  virtual void relay_update(std::span<const ConnectionId> links, const RecordView& report) {
    for (const ConnectionId link : links) send_update(link, report);
  }
  // Closes a connection after everything that was sent on it has gone out. The world still reports
  // the end with connection_closed().
  virtual void close(ConnectionId connection, CloseReason reason) = 0;
  // Dials a neighbour. The world answers with dialled() or dial_failed().
  virtual void dial(NeighborId neighbor) = 0;
  // Cancels the dial in progress. Neither dialled() nor dial_failed() follows.
  virtual void abandon_dial(NeighborId neighbor) = 0;
  // Reports that a connection from outside claims to be the neighbour's, and what is sent on it
  // next goes to that neighbour if this is true.
  virtual void link_asked(ConnectionId /*connection*/, NeighborId /*neighbor*/) {}
  // Reports that the connection is a link from now on. Called before the first line is sent on it
  // as a link. The limits for clients (unsent bytes, stall time) no longer apply to it.
  virtual void became_link(ConnectionId connection, NeighborId neighbor) = 0;
  // Reports that the server will send a line on a link that the world assures, see
  // Server::assure_link(). It has sent nothing there since `since`. `after_alive`: an ALIVE that is
  // due at this very moment goes out before the line, because time_reached() comes to it first.
  virtual void assured_link_speaks(NeighborId /*neighbor*/, Instant /*since*/,
                                   bool /*after_alive*/) {}
  // Reports that the server has looked at such a link for its recovery. Otherwise it would look
  // again when it may have to send the next ALIVE.
  virtual void assured_link_looked_at(NeighborId /*neighbor*/, Instant /*since*/,
                                      bool /*after_alive*/) {}
  // Asks Places. The world answers with places_answered() in every case, also if the request fails.
  virtual void ask_places(QueryId query, const PlacesQuestion& question) = 0;
};

}  // namespace herd
