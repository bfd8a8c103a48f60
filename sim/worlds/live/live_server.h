// One logical server on real sockets: a ServerShell that hands its lines to a core server, and the
// connections to its neighbours. The loop's thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/server.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/worlds/live/link_directory.h"
#include "sim/worlds/live/link_way.h"
#include "sim/worlds/live/logging_observer.h"
#include "sim/worlds/live/server_shell.h"

namespace sim {

class LiveServer final : public ServerShell, private herd::Effects {
 public:
  struct Setup {
    ServerShell::Setup shell;
    herd::ServerConfig config;
    std::vector<LinkModel> ways;  // to each neighbour
  };

  // All must outlive the server.
  LiveServer(AlarmClock& alarms, const RunClock& clock, LinkDirectory& directory,
             herd::Observer& observer, Setup setup);
  ~LiveServer() override;
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  // Dials the neighbours.
  void start() override;
  // Ends the link's connection now, if it has one. Drops what is in flight.
  void cut(herd::NeighborId neighbor, bool with_reset);
  void redial(herd::NeighborId neighbor);
  // Changes the conditions of the way to a neighbour.
  void set_way(herd::NeighborId neighbor, const LinkConditions& conditions);
  LinkWay& way(herd::NeighborId neighbor) { return *links_[neighbor.value].way; }
  const LinkWay& way(herd::NeighborId neighbor) const { return *links_[neighbor.value].way; }

  // While the server is down, this core server knows nothing.
  const herd::Server& core() const { return *core_; }

 private:
  struct Link {
    Stream* stream = nullptr;  // dialling, in the handshake, or proven
    std::unique_ptr<LinkWay> way;
    std::unique_ptr<Alarm> dial;  // rings when the round trip of a connection is over
    std::uint64_t dials = 0;      // the number of dials that began or were abandoned
  };

  // While a stream is dialling, its tag is this and its NeighborId.
  static constexpr std::uint32_t kDialling = 0x8000'0000;
  static bool is_dialling(const Stream& stream) { return (stream.tag() & kDialling) != 0; }
  static herd::NeighborId dialled_by(const Stream& stream) {
    return herd::NeighborId{stream.tag() & ~kDialling};
  }

  // herd::Effects
  void send(herd::ConnectionId to, std::string_view text, std::string_view ending) override;
  void send_update(herd::ConnectionId link, const herd::RecordView& report) override;
  void close(herd::ConnectionId connection, herd::CloseReason reason) override;
  bool has_room(herd::ConnectionId client) const override;
  herd::Instant room_at(herd::NeighborId neighbor, std::size_t bytes) const override;
  void dial(herd::NeighborId neighbor) override;
  void abandon_dial(herd::NeighborId neighbor) override;
  void link_asked(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void became_link(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void ask_places(herd::QueryId query, const herd::PlacesQuestion& question) override;

  // ServerShell
  void client_connected(herd::ConnectionId connection) override;
  void connection_ended(herd::ConnectionId connection) override;
  std::size_t waiting_answers(herd::ConnectionId connection) const override;
  std::size_t waiting_bytes(herd::ConnectionId connection) const override;
  void client_drained(herd::ConnectionId connection) override;
  void link_drained(herd::NeighborId neighbor) override;
  void places_answered(std::uint64_t query, const PlacesAnswer& answer) override;
  void input_handled() override { arm_timer(); }
  void set_active(bool active) override;
  // The observer hears first that its links are down.
  void died() override;

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream& stream) const override;
  std::size_t lines_offered(Stream& stream, std::string_view bytes) override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  // Precondition: the connection has a stream.
  void send_out(herd::ConnectionId to, std::string_view text, std::string_view ending);
  herd::Moment now() { return moment(loop().now_ns()); }
  void make_core();
  void stop_timer();
  void dial_now(herd::NeighborId neighbor);
  void refuse_dial(herd::NeighborId neighbor);
  // Tells the core that the dial in progress has failed.
  void fail_dial(herd::NeighborId neighbor);
  void dial_stands(herd::NeighborId neighbor);
  void release(herd::ConnectionId connection);
  // The connection sends no more over the link that it asked for.
  void stop_asking(Connection& connection);
  // The link's stream has ended, or another one has taken its place.
  void leave_link(herd::NeighborId neighbor, const Stream& stream);
  // Ends a stream to a neighbour. The core is not told.
  void drop(Stream& stream, herd::NeighborId neighbor, bool with_reset);
  // Ends a link's connection, and tells the core.
  void end_link(herd::ConnectionId connection, herd::NeighborId neighbor, bool with_reset);
  void drop_overflowing(herd::ConnectionId connection);
  void arm_timer();
  void deadline_reached();
  const std::string& neighbor_name(herd::NeighborId neighbor) const;

  LinkDirectory& directory_;
  const herd::ServerConfig config_;
  LoggingObserver observer_;
  Alarm alarm_;
  herd::Instant armed_ = herd::Instant::max();  // when the alarm rings; max(): it is not set
  std::vector<Link> links_;                     // by NeighborId
  std::optional<herd::Server> core_;
};

}  // namespace sim
