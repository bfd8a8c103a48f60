// Stands between two servers of a herd that is not our own: each of them dials the relay in place
// of its neighbour, and the relay dials the neighbour. What they say to each other takes the time
// that the link's model says, is counted, and can be cut off. Bytes pass unchanged, half-closes and
// breaks too.
//
// The loop's thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/relay/link_tap.h"
#include "sim/engines/relay/relay_way.h"
#include "sim/script/spec/engine_spec.h"
#include "sim/script/spec/events.h"

namespace sim {

class LinkRelay final : private StreamOwner {
 public:
  struct Setup {
    std::uint32_t link = 0;
    LinkUse use = LinkUse::kPersistent;
    // Of each way: from the link's first server, from its second.
    std::array<LinkModel, 2> ways;
  };
  // All must outlive the relay.
  LinkRelay(AlarmClock& alarms, const RunClock& clock, LinkTap& tap, const Setup& setup);
  ~LinkRelay() override;
  LinkRelay(const LinkRelay&) = delete;
  LinkRelay& operator=(const LinkRelay&) = delete;

  // Listens for both ends on 127.0.0.1.
  std::optional<Error> open();
  // Where an end (0: the link's first server, 1: its second) finds its neighbour.
  std::uint16_t port_for(std::size_t end) const { return ports_[end].port(); }
  // Where the server at an end really is; before anybody dials.
  void set_server(std::size_t end, const sockaddr_storage& address) { servers_[end] = address; }

  // Only of a link that is whole.
  void cut(CutHow how);
  // Only of one that is cut. An error if its ports cannot be had back.
  std::optional<Error> restore();
  void set(const TwoWayConditions& conditions);
  // Nobody can dial any more, and what is under way is forgotten, without a word to the tap.
  void close();

  // A connection carries messages, or messages need none that stays.
  bool stands() const;
  // Each end has a connection that it dialled itself.
  bool stands_both_ways() const;
  // Nothing is under way.
  bool idle() const { return ways_[0]->empty() && ways_[1]->empty(); }
  // Of a way, whatever became of them.
  std::uint64_t bytes_handed(std::size_t way) const { return ways_[way]->bytes_handed(); }

 private:
  enum class State { kUp, kCut, kBlackhole, kClosed };
  // A side of a connection: 0 is who dialled.
  struct Side {
    Stream* stream = nullptr;  // null: gone, or not dialled yet
    std::string rest;          // of a line that has not ended yet
    std::size_t passed = 0;    // of `rest`, since nothing more came
    bool rest_counted = false;
    bool ended = false;              // it says no more, which was passed on
    std::unique_ptr<Alarm> timeout;  // with a line that does not end
  };
  struct Connection {
    std::size_t dialler = 0;  // an end
    std::array<Side, 2> sides;
    std::unique_ptr<Alarm> dial;
    bool dialled = false, stands = false;
    bool greets = false, proven = false;  // opened with a LINK; and was answered
    bool known = false;                   // to open with one, or not to
    std::deque<RelayWay::Piece> early;    // said before it stood
  };
  using Connections = std::unordered_map<std::uint64_t, std::unique_ptr<Connection>>;

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream&) const override { return 0; }
  bool line_received(Stream&, const herd::Line&) override { return true; }
  void bytes_received(Stream& stream, std::string_view bytes) override;
  void overlong_line(Stream&, std::string_view) override {}
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  void accept(std::size_t dialler, uv_stream_t* listener);
  void dial(std::uint64_t id);
  // The connection that a stream is a side of, by what its tag says.
  std::uint64_t id_of(const Stream& stream) const { return stream.tag() / 2; }
  static std::size_t side_of(const Stream& stream) { return stream.tag() % 2; }
  // The way out of a side's server.
  static std::size_t way_from(const Connection& connection, std::size_t side) {
    return side == 0 ? connection.dialler : 1 - connection.dialler;
  }
  std::uint32_t direction(std::size_t way) const {
    return 2 * setup_.link + static_cast<std::uint32_t>(way);
  }
  std::uint32_t say(Connection& connection, std::size_t side, std::string_view line);
  // Passes on a line that may never end.
  void pass_rest(std::uint64_t id, std::size_t side);
  void pass_end(std::uint64_t id, std::size_t side);
  void put(std::uint64_t id, std::size_t side, RelayWay::Piece piece);
  void deliver(std::size_t way, const RelayWay::Piece& piece);
  void lose(std::size_t way, const RelayWay::Piece& piece);
  bool carries_messages(const Connection& connection) const {
    return connection.stands && connection.known && (!connection.greets || connection.proven);
  }
  // Tells the tap where the link has come to stand, or has ended.
  void note_standing();
  void drop_connections(bool with_reset);
  void forget_if_over(std::uint64_t id);
  // Lets go of it once nothing of it is being run.
  void bury(std::unique_ptr<Connection> connection);

  AlarmClock& alarms_;
  IoLoop& loop_;
  const RunClock& clock_;
  LinkTap& tap_;
  Setup setup_;
  State state_ = State::kUp;
  bool stood_ = false;
  std::array<ListeningPort, 2> ports_;  // by the end that dials
  std::array<sockaddr_storage, 2> servers_{};
  std::array<std::unique_ptr<RelayWay>, 2> ways_;
  Connections connections_;
  std::vector<std::unique_ptr<Connection>> dead_;
  std::uint64_t next_id_ = 0;
};

}  // namespace sim
