// One server of a herd in virtual time: the core server, its connections, and the time that it
// takes for what it hears. It can be stopped (its memory and connections are gone), started again,
// and paused (it does nothing, its connections stand), as a process can.
//
// One thread, the loop's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "core/server.h"
#include "sim/base/free_places.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/clock_skew.h"
#include "sim/worlds/virtual/pipes.h"
#include "sim/worlds/virtual/virtual_links.h"
#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

class VirtualServer;

// What surrounds the servers of one herd.
class VirtualSurroundings {
 public:
  virtual ~VirtualSurroundings() = default;
  virtual VirtualServer& server(std::uint32_t index) = 0;
  virtual const std::vector<Adjacent>& neighbors(std::uint32_t server) const = 0;
  // At this moment, by true time.
  virtual herd::PosixNs wall() const = 0;
  // Since time zero; negative before it.
  virtual Duration elapsed() const = 0;
  virtual void link_proven() = 0;
  // The client's connection was reset by its server.
  virtual void client_was_reset(std::uint32_t client_connection) = 0;
  // Asks Places; answered with places_answer(), whatever comes of it.
  virtual void ask_places(std::uint32_t server, herd::QueryId query,
                          const herd::PlacesQuestion& question) = 0;
  // Calls deadline_reached() then, and line_served().
  virtual void wake_at(std::uint32_t server, herd::Instant when) = 0;
  virtual void serve_at(std::uint32_t server, herd::Instant when) = 0;
};

class VirtualServer final : private herd::Effects {
 public:
  struct Setup {
    herd::ServerId id;
    ClockSkew skew;
    Duration service_time{0};
  };

  // All but the last two must outlive the server.
  VirtualServer(VirtualLoop& loop, Pipes& pipes, VirtualLinks& links,
                VirtualSurroundings& surroundings, herd::Observer& observer, const Setup& setup,
                herd::ServerConfig config);
  VirtualServer(const VirtualServer&) = delete;
  VirtualServer& operator=(const VirtualServer&) = delete;

  // Dials the neighbours.
  void start();

  // Somebody connects, to whom `out` leads; set_pipe_in() says what comes from them. Returns the
  // connection's id here. Only of a server that is up.
  herd::ConnectionId accept(PipeId out);
  void set_pipe_in(herd::ConnectionId connection, PipeId in) {
    connections_[connection.value].in = in;
  }
  // What has come out of a pipe that leads here.
  void arrived(PipeId pipe, PipeEnd end, Piece piece);
  // Prefetches for a report that will arrive, see PipeReceiver.
  void prefetch_report(const herd::KeptReport& report, int step) const;
  // The other end of the connection is gone, and all that was on the way with it.
  void was_reset(herd::ConnectionId connection);
  // Whether a connection is still the one that had this serial number.
  bool is_open(herd::ConnectionId connection, std::uint32_t serial) const {
    const Connection& there = connections_[connection.value];
    return there.serial == serial && there.in != kNoPipe;
  }
  std::uint32_t serial_of(herd::ConnectionId connection) const {
    return connections_[connection.value].serial;
  }
  void deadline_reached();
  void line_served();
  void places_answer(herd::QueryId query, std::uint32_t life, std::string json);

  // Ends the link's connection now, losing what was in flight; nothing where there is none.
  void cut(herd::NeighborId neighbor, bool with_reset);
  void redial(herd::NeighborId neighbor);
  // A blackhole is over: connections whose other ends let go of them meanwhile are reset.
  void reset_kept(herd::NeighborId neighbor);

  // As the process's death; only where it is up. Its links' ends are told to be down first.
  void stop();
  void start_again();
  // Nothing where it is down.
  void pause();
  void resume();
  bool is_up() const { return up_; }
  bool is_paused() const { return paused_; }
  std::uint32_t life() const { return life_; }

  // Of a server that is down: one that knows nothing.
  const herd::Server& core() const { return *core_; }
  std::uint32_t connections_peak() const { return connections_peak_; }
  std::uint32_t links_overflowed() const { return links_overflowed_; }

 private:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  struct Connection {
    PipeId in = kNoPipe, out = kNoPipe;  // none: it is gone, and the core perhaps not told yet
    std::uint32_t neighbor = kNobody;    // a link, or becoming one
    std::uint32_t serial = 0;            // tells it from others that had its id
    bool said_goodbye = false;           // what still comes is thrown away
    bool heard_goodbye = false;
    bool leaving = false;  // it will be released, and nothing more becomes of it
  };
  struct LinkEnd {
    std::uint32_t connection = kNobody;  // greeting or proven
    std::uint32_t dials = 0;             // counts those that began, and those that were given up
    bool dialling = false;
  };
  // What waits until the server has time.
  struct Input {
    PipeId pipe = kNoPipe;  // or else an action
    PipeEnd end;
    Piece piece;
    std::function<void()> action;
  };
  // A connection whose end the other side is not to see before the blackhole is over.
  struct Kept {
    std::uint32_t neighbor = 0;
    PipeEnd peer;
    std::uint32_t serial = 0;  // of the peer's connection
  };

  // herd::Effects
  void send(herd::ConnectionId to, std::string_view text, std::string_view ending) override;
  void send_update(herd::ConnectionId link, const herd::RecordView& report) override;
  void close(herd::ConnectionId connection, herd::CloseReason reason) override;
  void dial(herd::NeighborId neighbor) override;
  void abandon_dial(herd::NeighborId neighbor) override;
  void became_link(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void ask_places(herd::QueryId query, const herd::PlacesQuestion& question) override;

  void tell_client(PipeId out, std::string_view text, std::string_view ending);
  herd::Moment now() const;
  void make_core(herd::ServerConfig config);
  // Hands something to the core, or keeps it until the server is resumed.
  void input(std::function<void()> action);
  // The same, but not from within this call, unless the server has died by then.
  void input_later(std::function<void()> action);
  void handle(PipeId pipe, PipeEnd end, Piece piece);
  void handle_text(herd::ConnectionId connection, std::string_view bytes);
  void work();
  void note_time();
  void arm();
  herd::ConnectionId add_connection(PipeId in, PipeId out);
  void release(herd::ConnectionId connection);
  // The same once the server is not paused; `later`: and not from within this call.
  void let_go(herd::ConnectionId connection, bool later);
  const Adjacent& adjacent(herd::NeighborId neighbor) const;
  bool is_blackhole(std::uint32_t neighbor) const;
  void drop_overflowing(herd::ConnectionId to);
  void dial_now(herd::NeighborId neighbor, std::uint32_t dial);
  void refuse_dial(herd::NeighborId neighbor);
  void begin_way(herd::NeighborId neighbor, PipeId out);
  // The link's connection has ended, or another one has taken its place.
  void leave_link(herd::ConnectionId connection);
  // Ends a connection at once, without a word to the core; the other side is told.
  void drop(herd::ConnectionId connection, bool with_reset);
  void tell_of_drop(const Connection& dropped, const PipeEnd& peer, bool with_reset);
  void leave_pipe(Connection& connection);

  // What every line needs comes first.
  bool has_time_ = true;  // nothing waits, and nothing takes time: what comes is handled at once
  bool up_ = true, paused_ = false;
  std::optional<herd::Instant> armed_;
  std::vector<Connection> connections_;  // by ConnectionId
  Pipes& pipes_;
  VirtualLoop& loop_;
  std::optional<herd::Server> core_;

  Setup setup_;
  VirtualLinks& links_;
  VirtualSurroundings& surroundings_;
  herd::Observer& observer_;
  std::list<Input> waiting_;
  std::optional<herd::Instant> serving_until_;  // the first line that waits
  bool first_served_ = false;                   // it has had its time
  std::uint32_t life_ = 0;                      // counts its deaths
  std::uint32_t connections_peak_ = 0, open_connections_ = 0, links_overflowed_ = 0;
  FreePlaces<herd::ConnectionId> free_connections_;
  std::vector<LinkEnd> link_ends_;  // by NeighborId
  std::vector<Kept> kept_;
};

}  // namespace sim
