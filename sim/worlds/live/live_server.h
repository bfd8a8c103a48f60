// One logical server on real sockets: a listener on its own port, its own connections, and the core
// server that they feed. All on the loop's thread.
//
// It can be stopped (its memory, port and connections are gone), started again, and paused (it does
// nothing, its connections stand), as a process can.
#pragma once

#include <spdlog/logger.h>
#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/server.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_error.h"
#include "sim/base/io/uv_handle.h"
#include "sim/script/spec/clock_skew.h"
#include "sim/worlds/live/link_directory.h"
#include "sim/worlds/live/link_way.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/live/logging_observer.h"
#include "sim/worlds/places/places_asker.h"

namespace sim {

struct LiveServerStats {
  std::uint64_t connections_peak = 0;
  std::uint64_t clients_held = 0;      // times that a client was held back for not reading
  std::uint64_t clients_dropped = 0;   // clients dropped for not reading
  std::uint64_t links_overflowed = 0;  // links dropped for what they had unsent
};

class LiveServer final : private herd::Effects, private StreamOwner {
 public:
  struct Setup {
    herd::ServerId id;
    herd::ServerConfig config;
    std::vector<LinkModel> ways;  // to each neighbour
    ClockSkew skew;
    std::string host;
    std::uint16_t port = 0;
    std::shared_ptr<spdlog::logger> log;
    std::optional<PlacesAskerConfig> places;  // none: this herd asks nobody
    LiveLimits limits;
  };

  // All must outlive the server.
  LiveServer(AlarmClock& alarms, const RunClock& clock, LinkDirectory& directory,
             herd::Observer& observer, Setup setup);
  ~LiveServer() override;
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  // Binds the port and lets clients in. An error names the server, the address and the reason.
  std::optional<Error> listen();
  // Dials the neighbours.
  void start();
  // From when on its clock drifts.
  void set_zero(herd::Instant zero) { zero_ = zero; }

  // Ends the link's connection now, losing what was in flight; nothing where there is none.
  void cut(herd::NeighborId neighbor, bool with_reset);
  void redial(herd::NeighborId neighbor);
  LinkWay& way(herd::NeighborId neighbor) { return *links_[neighbor.value].way; }
  const LinkWay& way(herd::NeighborId neighbor) const { return *links_[neighbor.value].way; }

  // As the process's death; only where it is up. Its links' ends are told to be down first.
  void stop();
  // The process begins anew, on the same port. An error where that cannot be had back.
  std::optional<Error> start_again();
  // Nothing where it is down.
  void pause();
  void resume();
  bool is_up() const { return up_; }
  bool is_paused() const { return paused_; }

  // Of a server that is down: one that knows nothing.
  const herd::Server& core() const { return *core_; }
  const LiveServerStats& stats() const { return stats_; }
  std::uint16_t port() const { return listener_.port(); }
  const std::string& host() const { return setup_.host; }
  const std::string& name() const { return setup_.config.name; }

 private:
  struct Connection {
    Stream* stream = nullptr;                  // null: it is gone, and the core not told yet
    std::optional<herd::NeighborId> neighbor;  // a link, or becoming one
    std::string peer;                          // for the log
  };
  struct Link {
    Stream* stream = nullptr;  // dialling, greeting or proven
    std::unique_ptr<LinkWay> way;
    std::unique_ptr<Alarm> dial;  // made when the path there and back has taken its time
    std::uint64_t dials = 0;      // counts those that began, and those that were given up
  };

  // A stream's tag is its ConnectionId, or, while it is dialling, this and its NeighborId.
  static constexpr std::uint32_t kDialling = 0x8000'0000;
  static bool is_dialling(const Stream& stream) { return (stream.tag() & kDialling) != 0; }
  static herd::NeighborId dialled_by(const Stream& stream) {
    return herd::NeighborId{stream.tag() & ~kDialling};
  }

  // herd::Effects
  void send(herd::ConnectionId to, std::string_view text, std::string_view ending) override;
  void send_update(herd::ConnectionId link, const herd::RecordView& report) override;
  void close(herd::ConnectionId connection, herd::CloseReason reason) override;
  void dial(herd::NeighborId neighbor) override;
  void abandon_dial(herd::NeighborId neighbor) override;
  void became_link(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void ask_places(herd::QueryId query, const herd::PlacesQuestion& question) override;

  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void output_drained(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  herd::Moment moment(std::uint64_t hrtime_ns) const;
  herd::Moment now() { return moment(loop_.now_ns()); }
  // Hands something to the core, or keeps it until the server is resumed.
  void input(std::function<void()> action);
  // The same at the end of the loop's turn, unless the server has died by then.
  void input_later(std::function<void()> action);
  void make_core();
  void places_answer(std::uint64_t query, const PlacesAnswer& answer);
  void accept_connection(uv_stream_t* listener);
  void dial_now(herd::NeighborId neighbor);
  void refuse_dial(herd::NeighborId neighbor);
  void dial_stands(herd::NeighborId neighbor);
  herd::ConnectionId add_connection(Stream* stream);
  void release(herd::ConnectionId connection);
  bool may_read(const Stream& stream) const;
  // The link's stream has ended, or another one has taken its place.
  void leave_link(herd::NeighborId neighbor, const Stream& stream);
  // Ends a stream without a word to the core.
  void drop(Stream& stream, std::optional<herd::NeighborId> neighbor, bool with_reset);
  // The same to a link's connection, and has the core told.
  void end_link(herd::ConnectionId connection, herd::NeighborId neighbor, bool with_reset);
  void drop_overflowing(herd::ConnectionId connection);
  void log_end(const Connection& connection, StreamEnd end, int error, std::size_t unsent);
  void arm_timer();
  template <class Action>
  void for_each_stream(Action action);
  const std::string& neighbor_name(herd::NeighborId neighbor) const;

  IoLoop& loop_;
  const RunClock& clock_;
  LinkDirectory& directory_;
  Setup setup_;
  LoggingObserver observer_;
  bool log_lines_;
  bool up_ = true, paused_ = false;
  std::uint64_t life_ = 0;  // counts its deaths
  herd::Instant zero_;
  ListeningPort listener_;
  uv_stream_t* to_accept_ = nullptr;  // connections wait, since the server is paused
  std::optional<UvHandle<uv_timer_t>> timer_;
  std::optional<herd::Instant> armed_;
  std::vector<Connection> connections_;  // by ConnectionId
  std::vector<herd::ConnectionId> free_connections_;
  std::uint64_t open_connections_ = 0;
  std::vector<Link> links_;  // by NeighborId
  std::vector<std::function<void()>> kept_inputs_;
  LiveServerStats stats_;
  std::unique_ptr<PlacesAsker> asker_;  // made for the first question
  std::optional<herd::Server> core_;
};

}  // namespace sim
