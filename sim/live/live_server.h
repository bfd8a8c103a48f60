// One logical server on real sockets: a listener on its own port, its own connections, and the core
// server that they feed. All on the loop's thread.
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
#include "sim/io/io_loop.h"
#include "sim/io/stream.h"
#include "sim/io/uv_error.h"
#include "sim/io/uv_handle.h"
#include "sim/live/live_limits.h"
#include "sim/live/run_clock.h"
#include "sim/places/places_asker.h"
#include "sim/scenario/clock_skew.h"

namespace sim {

// What one server asks of the herd around it.
class LinkDirectory {
 public:
  virtual ~LinkDirectory() = default;
  // Where a neighbour listens; nullopt while the link is cut.
  virtual std::optional<sockaddr_storage> dial_address(herd::ServerId server,
                                                       herd::NeighborId neighbor) = 0;
  // One end of a link has been proven.
  virtual void link_proven() = 0;
};

struct LiveServerStats {
  std::uint64_t connections_peak = 0;
  std::uint64_t clients_held = 0;      // times that a client was held back for not reading
  std::uint64_t clients_dropped = 0;   // clients dropped for not reading
  std::uint64_t links_overflowed = 0;  // links dropped for what they had unsent
};

class LiveServer final : private herd::Effects, private herd::Observer, private StreamOwner {
 public:
  struct Setup {
    herd::ServerId id;
    herd::ServerConfig config;
    ClockSkew skew;
    std::string host;
    std::uint16_t port = 0;
    std::shared_ptr<spdlog::logger> log;
    std::optional<PlacesAskerConfig> places;  // none: this herd asks nobody
    LiveLimits limits;
  };

  // `loop`, `clock`, `directory` and `observer` must outlive the server.
  LiveServer(IoLoop& loop, const RunClock& clock, LinkDirectory& directory,
             herd::Observer& observer, Setup setup);
  ~LiveServer() override;
  LiveServer(const LiveServer&) = delete;
  LiveServer& operator=(const LiveServer&) = delete;

  // Binds the port and lets clients in. An error names the server, the address and the reason.
  std::optional<Error> listen();
  // Dials the neighbours.
  void start();

  // Closes the link's connection now, losing what was in flight; nothing where there is none.
  void cut(herd::NeighborId neighbor);
  void redial(herd::NeighborId neighbor);

  const herd::Server& core() const { return core_; }
  const LiveServerStats& stats() const { return stats_; }
  std::uint16_t port() const { return port_; }
  const std::string& host() const { return setup_.host; }
  // Bytes that went out on the link to a neighbour, of all its connections so far.
  std::uint64_t link_bytes_sent(herd::NeighborId neighbor) const;

 private:
  struct Connection {
    Stream* stream = nullptr;
    std::optional<herd::NeighborId> neighbor;  // a link, or becoming one
    std::string peer;                          // for the log
  };
  struct Link {
    Stream* stream = nullptr;  // dialling, greeting or proven
    std::uint64_t bytes = 0;   // of earlier connections
  };

  // herd::Effects
  void send(herd::ConnectionId to, std::string_view text, std::string_view ending) override;
  void send_update(herd::ConnectionId link, const herd::RecordView& report) override;
  void close(herd::ConnectionId connection, herd::CloseReason reason) override;
  void dial(herd::NeighborId neighbor) override;
  void abandon_dial(herd::NeighborId neighbor) override;
  void became_link(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void ask_places(herd::QueryId query, const herd::PlacesQuestion& question) override;

  // herd::Observer: logs, and hands on.
  void update_heard(herd::ServerId server, const herd::RecordView& report, herd::Verdict verdict,
                    herd::Moment now) override;
  void update_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void update_received(herd::ServerId server, herd::NeighborId from, const herd::RecordView& report,
                       herd::Verdict verdict, herd::Moment now) override;
  void repair_sent(herd::ServerId server, herd::NeighborId to, const herd::RecordView& report,
                   herd::Moment now) override;
  void summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                    herd::Moment now) override;
  void link_in_step(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment now) override;
  void line_refused(herd::ServerId server, std::string_view line, const herd::ParseError& error,
                    bool on_link) override;
  void query_heard(herd::ServerId server, const herd::Whatsat& query) override;

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
  void places_answer(std::uint64_t query, const PlacesAnswer& answer);
  void accept_connection();
  herd::ConnectionId add_connection(Stream* stream);
  bool may_read(const Stream& stream) const;
  void forget(Stream& stream);
  void log_end(const Connection& connection, StreamEnd end, int error);
  void arm_timer();
  const std::string& neighbor_name(herd::NeighborId neighbor) const;

  IoLoop& loop_;
  const RunClock& clock_;
  LinkDirectory& directory_;
  herd::Observer& observer_;
  Setup setup_;
  bool log_lines_;
  std::uint16_t port_ = 0;
  std::optional<UvHandle<uv_tcp_t>> listener_;
  std::optional<UvHandle<uv_timer_t>> timer_;
  std::optional<herd::Instant> armed_;
  std::vector<Connection> connections_;  // by ConnectionId
  std::vector<herd::ConnectionId> free_connections_;
  std::uint64_t open_connections_ = 0;
  std::vector<Link> links_;  // by NeighborId
  LiveServerStats stats_;
  std::unique_ptr<PlacesAsker> asker_;  // made for the first question
  herd::Server core_;
};

}  // namespace sim
