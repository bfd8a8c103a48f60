// The side of a world that clients see: what time is it, wake me then, connect, send. The live
// world implements it with libuv and real sockets; whatever else does must keep the same promises.
//
// One thread: everything is called, and calls back, on the thread that the clients live on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/ids.h"
#include "core/time.h"

namespace sim {

using ClientConnection = herd::Id<struct ClientConnectionTag>;

// Whether the connection ended before a reply had the end that the dialect gives it.
enum class ReplyCut {
  kNo,
  kByEnd,    // it did, and the server had said all that it wanted to
  kByBreak,  // it did, and more may have been on its way
};

// A reply of a server that is not ours, as a whole: it need not be of protocol.md's form.
struct ForeignReply {
  std::string_view text;  // what of it the dialect calls the reply; holds for the call only
  herd::Instant came;     // when it was whole
  ReplyCut cut = ReplyCut::kNo;
};

enum class NoReply {
  kSilence,  // in the time that the dialect allows
  kClosed,   // the connection ended instead
};

// The player of the clients.
class ClientWorldHandler {
 public:
  virtual ~ClientWorldHandler() = default;
  virtual void time_reached() = 0;
  virtual void connected(ClientConnection connection) = 0;
  // A line of an answer, without its ending. The view holds for the call only.
  virtual void line_received(ClientConnection connection, std::string_view line) = 0;
  // In place of line_received() from a world whose servers are not ours: what came of the oldest
  // command of the connection that is still due. One of the two for each that went out; those due
  // of which neither was said when the connection is gone never went out.
  virtual void reply_received(ClientConnection, const ForeignReply&) {}
  // `so_far` is what came and was no whole reply.
  virtual void reply_missing(ClientConnection, NoReply, std::string_view /*so_far*/) {}
  // The connection is gone, or never came to be; nothing more is said of it. `orderly`: by finish()
  // and the server's consent; else `why` says what happened, as "connection refused".
  virtual void disconnected(ClientConnection connection, bool orderly, std::string_view why) = 0;
};

class ClientWorld {
 public:
  virtual ~ClientWorld() = default;

  // Time since the run's time zero; negative before it.
  virtual herd::Instant now() const = 0;
  // Calls time_reached() at `when`. One wake-up is pending at a time: a new one replaces it.
  virtual void wake_at(herd::Instant when) = 0;
  // Has a client dial a server, over its access link. Lines may be sent at once; they go out when
  // the connection stands. The handler is never called from within these calls.
  virtual ClientConnection connect(std::uint32_t client, std::uint32_t server) = 0;
  // Sends a line; its ending is added.
  virtual void send(ClientConnection connection, std::string_view line) = 0;
  // Returns whether an answer that has not come yet will never come: the connection stands, nothing
  // is on its way in either direction, and the server works on nothing that came on it. If the
  // world cannot know, returns false.
  virtual bool at_rest(ClientConnection connection) const = 0;
  // Sends no more on the connection, and closes it when the answers that are due have come.
  virtual void finish(ClientConnection connection) = 0;
  // Returns how many of the lines that were given to send() still wait for their turn.
  virtual std::size_t unsent(ClientConnection) const { return 0; }
  // Returns what has come and is no whole reply yet.
  virtual std::string_view unfinished(ClientConnection) const { return {}; }
};

}  // namespace sim
