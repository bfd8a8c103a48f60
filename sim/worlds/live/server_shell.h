// The part that all our servers on real sockets share, whatever they answer: the port, the
// connections and their limits, the clock, the log, the Places provider, and the life. A server can
// be stopped (its memory, port and connections are gone), started again, and paused (it does
// nothing, but its connections stay open), as a process can.
//
// A class that derives from it handles the lines: LiveServer hands them to a core server, FrontEnd
// asks a database. The loop's thread only.
#pragma once

#include <spdlog/logger.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/observer.h"
#include "core/time.h"
#include "sim/base/free_places.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/listening_port.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/base/io/uv_error.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/worlds/live/live_limits.h"
#include "sim/worlds/places/places_asker.h"

namespace sim {

struct ServerStats {
  std::uint64_t connections_peak = 0;
  std::uint64_t clients_held = 0;      // how often a client was held back because it did not read
  std::uint64_t clients_dropped = 0;   // clients that were dropped because they did not read
  std::uint64_t clients_refused = 0;   // connections that were closed because there was no room
  std::uint64_t links_overflowed = 0;  // links that were dropped because too much was unsent
};

class ServerShell : protected StreamOwner {
 public:
  struct Setup {
    herd::ServerId id;
    std::string herd;  // its name
    ServerSpec spec;
    std::shared_ptr<spdlog::logger> log;
    std::optional<PlacesAskerConfig> places;  // none: the server asks no provider
    LiveLimits limits;
  };

  ServerShell(const ServerShell&) = delete;
  ServerShell& operator=(const ServerShell&) = delete;

  // Binds the port and accepts clients. An error names the server, the address and the reason.
  std::optional<Error> listen();
  // Begins the server's own work, such as dialling its neighbours.
  virtual void start() = 0;
  // Sets the moment from which the server's clock drifts.
  void set_zero(herd::Instant zero) {
    zero_ = zero;
    latest_.run = herd::Instant::min();
  }

  // Dies as a process does. Precondition: is_up().
  void stop();
  // Starts a new process on the same port. Returns an error if the port cannot be opened again.
  // Precondition: not is_up().
  std::optional<Error> start_again();
  // Neither has an effect on a server that is down.
  void pause();
  void resume();

  bool is_up() const { return up_; }
  bool is_paused() const { return paused_; }
  std::uint16_t port() const { return listener_.port(); }
  const std::string& host() const { return setup_.spec.host; }
  const std::string& name() const { return setup_.spec.name; }
  const ServerStats& stats() const { return stats_; }
  // Returns whether an answer to any client is still to come: it is not ready or not sent yet, or
  // the server has not come to the client's line or connection.
  bool has_waiting_answers() const;

 protected:
  // A connection's stream has its ConnectionId as tag.
  struct Connection {
    Stream* stream = nullptr;  // null: it is gone
    // The server at the other end; none: a client. A neighbour is never held back.
    std::optional<herd::NeighborId> neighbor = std::nullopt;
    // The neighbour that a connection from outside claims to be, until its next line. What is sent
    // to it meanwhile is delayed as on the link.
    std::optional<herd::NeighborId> asked = std::nullopt;
    std::string peer = {};  // for the log
    // What lets a connection from outside in, until it is a link.
    enum class Ticket { kNone, kClient, kNewcomer } ticket = Ticket::kNone;
  };

  // The loop and the clock must outlive the server.
  ServerShell(IoLoop& loop, const RunClock& clock, Setup setup);
  ~ServerShell() override;

  // For the derived class to define.
  virtual void client_connected(herd::ConnectionId connection) = 0;
  // The stream is gone. The connection must be given to free_connection(), at once or later.
  virtual void connection_ended(herd::ConnectionId connection) = 0;
  // Returns the number of answers to a client that are not ready yet.
  virtual std::size_t waiting_answers(herd::ConnectionId connection) const = 0;
  // Returns the number of bytes that these answers, and the answers behind them, take.
  virtual std::size_t waiting_bytes(herd::ConnectionId connection) const = 0;
  // There is room again for a client's answers, see has_room().
  virtual void client_drained(herd::ConnectionId /*connection*/) {}
  // All that was sent on the link is out.
  virtual void link_drained(herd::NeighborId /*neighbor*/) {}
  virtual void places_answered(std::uint64_t query, const PlacesAnswer& answer) = 0;
  // Called after input() has run something, and at the end of resume().
  virtual void input_handled() {}
  // Stops, or starts again, everything beside the connections.
  virtual void set_active(bool active) = 0;
  // The process has died: closes everything except the clients' connections, and forgets it.
  virtual void died() = 0;

  // StreamOwner
  void output_drained(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  // Runs the action now, or once the server is resumed.
  void input(std::function<void()> action);
  // The same at the end of the loop's turn, unless the server has died by then.
  void input_later(std::function<void()> action);
  // Asks the Places provider. places_answered() is called later, as an input, also if asking fails.
  void ask_provider(std::uint64_t query, std::string_view location, double radius_km, int bound);

  herd::ConnectionId add_connection(Stream* stream);
  void free_connection(herd::ConnectionId connection);
  Connection& connection_of(herd::ConnectionId id) { return connections_[id.value]; }
  const Connection& connection_of(herd::ConnectionId id) const { return connections_[id.value]; }
  Connection& connection_of(const Stream& stream) { return connections_[stream.tag()]; }
  std::vector<Connection>& connections() { return connections_; }
  // Returns whether a client's output has room for answers that have waited.
  bool has_room(const Stream& stream) const { return stream.unsent() <= limits().client_unsent; }
  // Returns true if the connection was let in only to prove that it is a neighbour.
  bool is_newcomer(herd::ConnectionId id) const {
    return connections_[id.value].ticket == Connection::Ticket::kNewcomer;
  }
  // Sets how many newcomers may be there at once. The oldest makes room for another.
  void set_max_newcomers(std::size_t max) { max_newcomers_ = max; }
  // The connection does not count as a client's or a newcomer's any more.
  void give_ticket_back(herd::ConnectionId id);
  // Returns whether to read another line of a client. If not, counts and logs that it is held back;
  // reading goes on once enough of its answers have been sent.
  bool keeps_up(const Stream& stream);
  // Logs and counts how a connection ended.
  void log_end(const Connection& connection, StreamEnd end, int error, std::size_t unsent);
  // Returns whether log_received() and log_sent() have an effect.
  bool logs_lines() const { return log_lines_; }
  void log_received(const Connection& from, std::string_view line) const {
    if (log_lines_) log().debug("from {}: {}", from.peer, line);
  }
  void log_sent(const Connection& to, std::string_view text) const {
    if (log_lines_) log().debug("to {}: {}", to.peer, text);
  }

  // Returns the server's time at a reading of the monotonic clock. Lines that share a reading share
  // the time, so that the system's clock is not read for each.
  herd::Moment moment(std::uint64_t hrtime_ns) {
    const herd::Instant run = clock_.at(hrtime_ns);
    if (run != latest_.run) {
      latest_ = {run, clock_.wall(run) + setup_.spec.skew.after(run - zero_).count()};
    }
    return latest_;
  }
  IoLoop& loop() { return loop_; }
  const RunClock& clock() const { return clock_; }
  herd::ServerId id() const { return setup_.id; }
  const LiveLimits& limits() const { return setup_.limits; }
  spdlog::logger& log() const { return *setup_.log; }

 private:
  void accept_connection(uv_stream_t* listener);
  // Takes a place for a new connection; kNone if there is none.
  Connection::Ticket take_ticket();
  void accept_waiting();
  void reset_waiting();
  void hear_places(std::uint64_t query, const PlacesAnswer& answer);
  bool may_read(const Stream& stream) const;

  IoLoop& loop_;
  const RunClock& clock_;
  Setup setup_;
  bool log_lines_;
  bool up_ = true, paused_ = false;
  std::uint64_t life_ = 0;  // the number of deaths
  herd::Instant zero_;
  herd::Moment latest_{herd::Instant::min(), 0};  // the result of moment()
  ListeningPort listener_;
  uv_stream_t* to_accept_ = nullptr;     // a connection came while the server was paused
  std::vector<Connection> connections_;  // by ConnectionId
  FreePlaces<herd::ConnectionId> free_connections_;
  std::uint64_t open_connections_ = 0;
  std::size_t max_newcomers_ = 0;
  std::deque<herd::ConnectionId> newcomers_;        // the oldest first
  bool told_refusal_ = false;                       // since there was room
  std::vector<std::function<void()>> kept_inputs_;  // for resume()
  ServerStats stats_;
  std::unique_ptr<PlacesAsker> asker_;  // made for the first question
};

}  // namespace sim
