// Stands on a link between two servers, its endpoints: each of them dials the relay in place of the
// other, and the relay dials the other. It delays bytes, half-closes and breaks as the link's
// models say, and changes nothing else. The link can be cut.
//
// A derived class listens for the endpoints, over TCP or a UNIX socket, and may watch the bytes:
// LinkRelay counts the messages of a herd, DatabaseLink is a front end's path to its database. The
// loop's thread only.
#pragma once

#include <uv.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/events.h"
#include "sim/script/spec/link_conditions.h"
#include "sim/worlds/live/link_direction.h"
#include "sim/worlds/net/link_model.h"

namespace sim {

class ByteRelay : private StreamOwner {
 public:
  // By endpoint: the model of the direction that leads out of it.
  using Models = std::array<LinkModel, 2>;

  ByteRelay(const ByteRelay&) = delete;
  ByteRelay& operator=(const ByteRelay&) = delete;

  // Sets the address of the server at an endpoint. Precondition: no server has dialled yet.
  void set_server(std::size_t endpoint, const sockaddr_storage& address) {
    servers_[endpoint] = address;
  }

  // A blackhole holds bytes back until restore(), in the directions `ways` (forward is out of
  // endpoint 0), and lets no connection be made. Any other cut ends all connections, loses what is
  // in flight, and lets no server dial. Precondition: is_up().
  void cut(CutHow how, CutWays ways = CutWays::kBoth);
  // Ends the cut, and delivers late all that a blackhole held back. Returns an error if servers
  // cannot dial again.
  [[nodiscard]] std::optional<Error> restore();
  bool is_up() const { return state_ == State::kUp; }
  // Sets the conditions of both directions. `forward` is out of endpoint 0. Bytes that wait for
  // bandwidth go out at the new rate.
  void set(const TwoWayConditions& conditions);
  // Holds back all that goes to an endpoint, because its server takes nothing; or ends that, and
  // delivers late what was held.
  void hold_towards(std::size_t endpoint, bool hold);
  // Resets all connections, and loses what is in flight: a server has died.
  void reset_connections() { drop_connections(true); }

  // Returns whether nothing is in flight.
  bool idle() const;
  std::size_t open_connections() const { return connections_.size(); }
  // Returns the number of bytes that an endpoint has sent, including those that were lost.
  std::uint64_t bytes_handed(std::size_t endpoint) const { return bytes_handed_[endpoint]; }

 protected:
  static constexpr std::uint32_t kNoMessage = 0xffff'ffff;
  // The number of a connection. It is used again after 2^31 others.
  using Id = std::uint32_t;
  // kOfConnection: bytes arrive in order on each connection, as in TCP. kOfLink: in order across
  // all connections of the link. Messages are only reported with kOfLink.
  enum class Order { kOfLink, kOfConnection };

  // The clocks must outlive the relay.
  ByteRelay(AlarmClock& alarms, const RunClock& clock, const Models& models, Order order);
  ~ByteRelay() override;

  // Takes a connection that the server at an endpoint has dialled.
  void accept(std::size_t dialler, uv_stream_t* listener);
  // Sends bytes on from a side of a connection. If they end a message, give its number: it will be
  // reported as arrived or lost. May end the connection.
  void send(Id id, std::size_t side, std::string_view bytes, std::uint32_t message = kNoMessage);
  bool is_open(Id id) const { return connections_.contains(id); }
  // Returns whether nothing of an open connection is in flight or unsent.
  bool is_through(Id id) const;
  // Ends a connection. Nothing more of it is delivered.
  void let_go(Id id);
  // Ends all connections without a report.
  void close();

  // A derived class may override the following. Side 0 of a connection is the server that dialled.
  //
  // An endpoint has dialled; the other one has answered; the connection is over.
  virtual void connection_began(Id, std::size_t /*dialler*/) {}
  virtual void connection_stands(Id) {}
  virtual void connection_over(Id) {}
  // Bytes have come from a side. Or: no more will come, and the derived class must send those that
  // it kept.
  virtual void bytes_came(Id id, std::size_t side, std::string_view bytes) {
    send(id, side, bytes);
  }
  virtual void bytes_ended(Id, std::size_t /*side*/) {}
  // All that a side had to send has been handed to the other one, and the other one was told.
  virtual void end_delivered(Id, std::size_t /*side*/) {}
  // Bytes out of an endpoint have been handed to the other server. `message` is the message that
  // they end, if any.
  virtual void bytes_arrived(std::size_t /*from*/, std::uint32_t /*message*/) {}
  virtual void message_lost(std::size_t /*from*/, std::uint32_t /*message*/) {}
  // The link was cut: no server may dial any more.
  virtual void stop_listening() {}
  // The link was restored: servers may dial again. Returns an error if they cannot.
  [[nodiscard]] virtual std::optional<Error> listen_again() { return std::nullopt; }
  // The process has no descriptor left for a connection to a server, which is not the server's
  // fault. `error` is libuv's.
  virtual void exhausted(int error) = 0;

  AlarmClock& alarms() { return alarms_; }

 private:
  enum class State { kUp, kCut, kBlackhole, kClosed };
  using Kind = PieceLabel::Kind;
  struct Side {
    Stream* stream = nullptr;  // null: gone, or not dialled yet
    bool ended = false;        // its half-close was sent on
  };
  struct Early {
    std::string bytes;
    PieceLabel label;
  };
  // By endpoint.
  using Directions = std::array<std::shared_ptr<LinkDirection>, 2>;
  struct Connection {
    std::size_t dialler = 0;  // an endpoint
    std::array<Side, 2> sides;
    Directions directions;
    std::unique_ptr<Alarm> dial;
    bool dialled = false, stands = false;
    std::vector<Early> early;                         // bytes that the dialler sent before it stood
    std::array<std::uint32_t, 2> pieces_in_flight{};  // by side from which they come
  };
  using Connections = std::unordered_map<Id, std::unique_ptr<Connection>>;

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream&) const override { return 0; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void bytes_received(Stream& stream, std::string_view bytes) override;
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  Directions make_directions();
  Stream* make_stream(Id id, std::size_t side, Stream::Socket socket);
  void dial(Id id);
  // Return the connection and the side of a stream, from its tag.
  static Id id_of(const Stream& stream) { return stream.tag() / 2; }
  static std::size_t side_of(const Stream& stream) { return stream.tag() % 2; }
  // Returns the endpoint at a side.
  static std::size_t endpoint_at(const Connection& connection, std::size_t side) {
    return side == 0 ? connection.dialler : 1 - connection.dialler;
  }
  void send_end(Id id, std::size_t side);
  void put(Id id, std::size_t side, std::string_view bytes, const PieceLabel& label);
  void put_now(Connection& connection, std::size_t side, std::string_view bytes,
               const PieceLabel& label);
  void deliver(std::size_t from, std::string_view bytes, const PieceLabel& label);
  void lose(std::size_t from, const PieceLabel& label);
  void lose_early(Connection& connection);
  void drop_connections(bool with_reset);
  void forget_if_over(Id id);
  // Destroys a connection once none of its functions is running.
  void bury(std::unique_ptr<Connection> connection);
  template <class Action>
  void for_each_direction(Action action) const;
  // Returns whether what leaves an endpoint is held back.
  bool is_held(std::size_t from) const {
    const CutWays other = from == 0 ? CutWays::kBackward : CutWays::kForward;
    return (state_ == State::kBlackhole && held_ways_ != other) || takes_nothing_[1 - from];
  }
  void hold_or_release();

  AlarmClock& alarms_;
  IoLoop& loop_;
  const RunClock& clock_;
  Models models_;
  State state_ = State::kUp;
  std::array<sockaddr_storage, 2> servers_{};
  std::array<std::uint64_t, 2> bytes_handed_{};
  CutWays held_ways_ = CutWays::kBoth;   // of a blackhole
  std::array<bool, 2> takes_nothing_{};  // by endpoint: hold_towards()
  Directions link_directions_;           // of all connections; null: each has its own
  Connections connections_;
  std::vector<std::unique_ptr<Connection>> dead_;
  Id next_id_ = 0;
};

}  // namespace sim
