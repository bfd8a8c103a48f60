// The clients' side of a herd whose servers somebody else wrote. It speaks the dialect that the
// scenario names, over real TCP connections behind the clients' access links. It tells its handler
// the outcome of each command: a complete reply, or why there is none.
//
// A client has one connection as its handler sees it. The dialect decides how that maps to TCP:
// - persistent: one TCP connection. Without pipelining the next command waits until the last one
//   has its outcome. With pipelining all go out at once, and replies come in the same order.
// - one command: each command has a TCP connection of its own, dialled when it is its turn. Only
//   the first dial tells whether the server is there. If there is nothing to say, connected() is
//   called without a dial. A dial that fails is a lost connection; a server that closes is not.
//
// Timeouts: the outcome of a command is silence if its reply has not come within the dialect's
// reply_within. With pipelining this also holds for the commands sent behind it. The connection is
// then left, and a persistent one is dialled again before anything more is sent. A late reply
// therefore reaches no client and cannot be taken for the next command's. The time counts from when
// the command goes out; it includes the dial if the command has its own. A reply that ends with
// silence has to have come by then.
//
// A reply of more than ReplyCutter::kMostBytes is never complete: its outcome is silence as soon as
// its size is seen. Anything that a server says without being asked is dropped.
//
// The clients' loop and thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/free_places.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/text/pattern.h"
#include "sim/engines/foreign/reply_cutter.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/worlds/live/client_legs.h"
#include "sim/worlds/live/live_clients.h"

namespace sim {

class ForeignClientWorld final : public LiveClients, private ClientLegsOwner {
 public:
  // Takes the arguments of LiveClientWorld's constructor, and a dialect. Precondition: the
  // dialect's expressions are well-formed.
  ForeignClientWorld(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
                     std::vector<std::unique_ptr<AccessLink>> links, const Dialect& dialect);

  ClientConnection connect(std::uint32_t client, std::uint32_t server) override;
  void send(ClientConnection connection, std::string_view line) override;
  // The outcome of every command is told, so nothing can be left to wait for.
  bool at_rest(ClientConnection) const override { return false; }
  void finish(ClientConnection connection) override;
  std::size_t unsent(ClientConnection connection) const override;
  std::string_view unfinished(ClientConnection connection) const override {
    return connections_[connection.value].cutter.text();
  }

 private:
  struct Sent {
    bool is_query = false;
    std::uint64_t deadline_ns = 0;  // on the scale of uv_hrtime(), as all here
  };
  struct Connection {
    explicit Connection(const ReplyRule& rule) : cutter(rule) {}

    std::uint32_t client = 0, server = 0;
    std::uint32_t serial = 0;  // tells it from others that had its id
    bool was_connected = false, finished = false;
    std::optional<LegId> leg;
    bool stands = false;  // the leg is connected
    std::deque<std::string> waiting;
    std::deque<Sent> sent;  // commands without a reply yet
    ReplyCutter cutter;
    std::uint64_t heard_ns = 0;         // when the last bytes came
    bool quiet_asked = false;           // the cutter was asked since the last bytes
    std::unique_ptr<Alarm> alarm = {};  // at the next deadline or quiet end
    std::uint64_t alarm_ns = 0;         // 0: not set
  };

  bool one_command() const { return dialect_.connection == ConnectionUse::kOneCommand; }
  Connection& at(ClientConnection id) { return connections_[id.value]; }
  // Returns the connection of a leg.
  ClientConnection& of(LegId leg) { return by_leg_[leg.value]; }
  std::uint64_t deadline() const;
  // Does `action` later in the loop's turn, if the connection is still the same.
  template <class Action>
  void defer(ClientConnection id, Action action);

  void dial(ClientConnection id);
  void stand_without_dial(ClientConnection id);
  // Sends the commands that may go out now. Ends a connection that is finished and has nothing more
  // to send.
  void go_on(ClientConnection id);
  void say_next(ClientConnection id);
  void leave(ClientConnection id);
  void gone(ClientConnection id, bool orderly, const std::string& why);
  void tell_connected(ClientConnection id);

  // Hands over the replies that are complete.
  void take_replies(ClientConnection id, ReplyCutter::After what);
  void take_reply(ClientConnection id, std::size_t bytes, ReplyCut cut, std::uint64_t came_ns);
  void missing(ClientConnection id, NoReply why, std::string_view so_far);
  void met_with_silence(ClientConnection id);
  void server_ended(ClientConnection id, bool orderly);

  std::uint64_t quiet_at(const Connection& connection) const;
  void set_alarm(ClientConnection id);
  void alarm_rang(ClientConnection id);

  // ClientLegsOwner
  void leg_stands(LegId leg) override;
  void leg_heard(LegId leg, std::string_view bytes) override;
  void leg_over(LegId leg, bool orderly, const std::string& why) override;
  void legs_exhausted(int error) override { exhausted(error); }

  IoLoop& loop_;
  const Dialect dialect_;
  const ReplyRule rule_;
  std::optional<Pattern> reply_pattern_;
  ClientLegs legs_;
  std::deque<Connection> connections_;  // by ClientConnection; elements never move
  FreePlaces<ClientConnection> free_;
  std::vector<ClientConnection> by_leg_;
};

}  // namespace sim
