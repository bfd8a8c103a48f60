// One server of a herd in virtual time: the core server, its connections, and the time that each
// line takes it. Like a process, it can be stopped (it loses its memory and connections), started
// again, and paused (it does nothing, and keeps its connections).
//
// One thread, the loop's.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/prefetch.h"
#include "core/server.h"
#include "sim/base/free_places.h"
#include "sim/script/spec/adjacency.h"
#include "sim/script/spec/clock_skew.h"
#include "sim/worlds/virtual/pipes.h"
#include "sim/worlds/virtual/virtual_links.h"
#include "sim/worlds/virtual/virtual_loop.h"

namespace sim {

class VirtualServer;

struct LinkEndpoint {
  std::uint32_t server = 0;
  herd::NeighborId neighbor;
};

// Time zero is 2001-09-09T01:46:40Z for the clients and servers of every virtual run.
inline constexpr herd::PosixNs kVirtualBase = 1'000'000'000'000'000'000;

// The environment of one herd's servers.
class VirtualSurroundings {
 public:
  virtual ~VirtualSurroundings() = default;
  virtual VirtualServer& server(std::uint32_t index) = 0;
  virtual const std::vector<Adjacent>& neighbors(std::uint32_t server) const = 0;
  // Returns the time from time zero to a moment; negative before it. At time zero the true time of
  // day is kVirtualBase.
  Duration since_zero(herd::Instant moment) const { return moment - zero_; }
  // A server's endpoint of a link is proven, whose lines come out of this pipe.
  virtual void link_proven(herd::ServerId server, herd::NeighborId neighbor, PipeId in) = 0;
  // A server can handle input at once from now on, or cannot any more. At first each server can.
  virtual void has_time_changed(bool has_time) = 0;
  // The client's connection was reset by its server.
  virtual void client_was_reset(std::uint32_t client_connection) = 0;
  // Asks Places. places_answer() brings the answer, also if Places fails.
  virtual void ask_places(std::uint32_t server, herd::QueryId query,
                          const herd::PlacesQuestion& question) = 0;
  // Calls deadline_reached(), or line_served(), at that time.
  virtual void wake_at(std::uint32_t server, herd::Instant when) = 0;
  virtual void serve_at(std::uint32_t server, herd::Instant when) = 0;
  // The same as wake_at() for a wake-up that would have been asked for earlier.
  virtual void wake_late_at(std::uint32_t server, herd::Instant when) = 0;
  // Compares the event that happens with the server's wake-up of this moment, at step 0.
  virtual std::strong_ordering compare_with_wake(std::uint32_t server) const = 0;
  // A link has come up at this endpoint; its connection is about to end. See assured_links.cpp.
  virtual void link_came_up(const LinkEndpoint& endpoint) = 0;
  virtual void link_ends(const LinkEndpoint& endpoint) = 0;
  // Calls the server's action at that time, and never from within this call.
  virtual void do_at(std::uint32_t server, herd::Instant when, std::function<void()> action) = 0;

 protected:
  herd::Instant zero_;
};

class alignas(64) VirtualServer final : private herd::Effects {
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

  // Accepts a connection from the server or client that `out` leads to; set_pipe_in() gives the
  // pipe from there. Returns the connection's id here. Precondition: the server is up.
  herd::ConnectionId accept(PipeId out);
  void set_pipe_in(herd::ConnectionId connection, PipeId in) {
    connections_[connection.value].in = in;
  }
  // A piece has come out of a pipe that leads here.
  void arrived(PipeId pipe, PipeEnd end, Piece piece);
  // Prefetches what every report that will arrive needs.
  void prefetch_report() const;
  // Prefetch what news about a client need, in this order. Each may read what the one before it
  // prefetched.
  void prefetch_core() const;
  void prefetch_tables(std::uint32_t client_hash) const;
  void prefetch_sending(std::uint32_t client_hash) const;
  void prefetch_paths() const;
  // The peer has reset the connection; everything in flight on it is lost.
  void was_reset(herd::ConnectionId connection);
  // Returns true if the connection is open and still has this serial number.
  bool is_open(herd::ConnectionId connection, std::uint32_t serial) const {
    const Connection& there = connections_[connection.value];
    return there.serial == serial && there.in != kNoPipe;
  }
  std::uint32_t serial_of(herd::ConnectionId connection) const {
    return connections_[connection.value].serial;
  }
  void deadline_reached();
  void line_served();
  void places_answer(herd::QueryId query, std::uint32_t life, herd::SharedText json);

  // The server's part of what VirtualHerd does with the ALIVE lines of a link, see
  // assured_links.cpp.
  //
  // Returns the other endpoint of the link's connection; nullopt if the link is not up there.
  std::optional<LinkEndpoint> other_endpoint(herd::NeighborId neighbor) const;
  // `there` is the server at the other endpoint, and `back` the link's number there.
  bool can_be_assured(herd::NeighborId neighbor, const VirtualServer& there,
                      herd::NeighborId back) const;
  void assure_link(herd::NeighborId neighbor);
  // Accounts for the ALIVE lines since the last line that was sent. Returns when the last line of
  // any kind was sent.
  herd::Instant account_alives(herd::NeighborId neighbor);
  // `said` is that time, and `their_alive` the last_alive() of the other endpoint.
  void watch_link_again(herd::NeighborId neighbor, herd::Instant said, herd::Instant their_alive);
  // Returns when the last ALIVE was sent of those that were accounted for and have come out since
  // the link was assured; min() if there is none.
  herd::Instant last_alive(herd::NeighborId neighbor) const {
    return link_ends_[neighbor.value].last_alive;
  }

  // Ends the link's connection now, and loses what is in flight. Does nothing if there is none.
  void cut(herd::NeighborId neighbor, bool with_reset);
  void redial(herd::NeighborId neighbor);
  // The conditions of the way to the neighbour have changed.
  void way_changed(herd::NeighborId neighbor);
  // A blackhole is over: resets the connections that this server dropped meanwhile.
  void reset_kept(herd::NeighborId neighbor);

  // Stops the server as the death of its process would, after it reports its links' endpoints down.
  // Precondition: it is up.
  void stop();
  void start_again();
  // These do nothing if the server is down.
  void pause();
  void resume();
  // Returns whether the server runs and has nothing left to do that came on the connection.
  bool has_answered_all(herd::ConnectionId connection) const {
    return up_ && !paused_ && waiting_.empty() && core_->waiting_answers(connection) == 0;
  }
  bool is_up() const { return up_; }
  bool is_paused() const { return paused_; }
  std::uint32_t life() const { return life_; }

  // The core of a server that is down knows nothing.
  const herd::Server& core() const { return *core_; }
  std::uint32_t connections_peak() const { return connections_peak_; }
  std::uint32_t links_overflowed() const { return links_overflowed_; }

 private:
  static constexpr std::uint32_t kNobody = 0xffff'ffff;

  struct Connection {
    PipeId in = kNoPipe, out = kNoPipe;  // none: gone, but the core may not know yet
    std::uint32_t neighbor = kNobody;    // a link, or becoming one
    std::uint32_t serial = 0;            // tells it from others that had its id
    bool said_goodbye = false;           // drops what still arrives
    bool heard_goodbye = false;
    bool leaving = false;  // will be released
  };
  struct LinkEnd {
    std::uint32_t connection = kNobody;  // in its handshake, or proven
    std::uint32_t dials = 0;             // counts dials that began or were abandoned
    bool dialling = false;
    herd::Instant last_alive = herd::Instant::min();  // see last_alive()
    // When the core would look at the link, which is assured, if nothing was sent since this was
    // noted.
    herd::Instant look{};
  };
  // An input that waits until the server has time.
  struct Input {
    PipeId pipe = kNoPipe;  // or else an action
    PipeEnd end;
    Piece piece;
    std::function<void()> action;
  };
  // A dropped connection, whose peer must not notice before the blackhole is over.
  struct Kept {
    std::uint32_t neighbor = 0;
    PipeEnd peer;
    std::uint32_t serial = 0;  // of the peer's connection
  };

  // herd::Effects
  void send(herd::ConnectionId to, std::string_view text, std::string_view ending) override;
  void send_update(herd::ConnectionId link, const herd::RecordView& report) override {
    relay_update({&link, 1}, report);
  }
  std::uint8_t links_at_once() const override { return kMostLinksAtOnce; }
  void relay_update(std::span<const herd::ConnectionId> links,
                    const herd::RecordView& report) override;
  herd::Instant room_at(herd::NeighborId neighbor, std::size_t bytes) const override;
  void close(herd::ConnectionId connection, herd::CloseReason reason) override;
  void dial(herd::NeighborId neighbor) override;
  void abandon_dial(herd::NeighborId neighbor) override;
  void link_asked(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void became_link(herd::ConnectionId connection, herd::NeighborId neighbor) override;
  void ask_places(herd::QueryId query, const herd::PlacesQuestion& question) override;
  void assured_link_speaks(herd::NeighborId neighbor, herd::Instant since,
                           bool after_alive) override;
  void assured_link_looked_at(herd::NeighborId neighbor, herd::Instant since,
                              bool after_alive) override;
  herd::Instant account_alives(herd::NeighborId neighbor, herd::Instant since, bool after_alive);
  // Returns whether what this server's wake-up of this moment does about a link is done;
  // `after_alive`: if this is that wake-up.
  bool is_looked_at(bool after_alive) const;
  // Returns when the last line went out on a link that is assured: the one at `since`, or an ALIVE.
  herd::Instant last_said(herd::Instant since, bool after_alive) const;
  // Returns when the core would look at the link next, now if it would still do so at this moment.
  herd::Instant next_look(const LinkEnd& end, herd::Instant since, bool after_alive) const;
  // Returns true if the core would still look at some link at this moment that is assured.
  bool would_look_now() const;

  void tell_client(PipeId out, std::string_view text, std::string_view ending);
  herd::Moment now() const {
    const Duration elapsed = surroundings_.since_zero(loop_.now());
    return {loop_.now(), kVirtualBase + (elapsed + skew_.after(elapsed)).count()};
  }
  void make_core(herd::ServerConfig config);
  // Passes an input to the core, or keeps it until the server is resumed.
  void input(std::function<void()> action);
  // The same after this call, unless the server has died by then.
  void input_later(std::function<void()> action);
  void handle(PipeId pipe, PipeEnd end, Piece piece);
  void handle_text(herd::ConnectionId connection, std::string_view bytes);
  void work();
  void note_time();
  // Makes sure that the loop wakes the server when the core has something to do. A deadline that
  // has become later is checked at the earlier moment.
  void arm() {
    if (up_ && !paused_ && core_->due() < armed_) wake_at_deadline();
  }
  void wake_at_deadline();
  herd::ConnectionId add_connection(PipeId in, PipeId out);
  void release(herd::ConnectionId connection);
  // The same once the server is not paused; `later`: after this call.
  void let_go(herd::ConnectionId connection, bool later);
  const Adjacent& adjacent(herd::NeighborId neighbor) const;
  // The connection may be a link, and something else than its lines is about to happen to it.
  void end_assurance(herd::ConnectionId connection);
  bool is_unheard(std::uint32_t neighbor) const;
  void drop_overflowing(herd::ConnectionId to);
  void dial_now(herd::NeighborId neighbor, std::uint32_t dial);
  void refuse_dial(herd::NeighborId neighbor);
  void begin_way(herd::NeighborId neighbor, PipeId out);
  // The link's connection has ended, or another one replaces it.
  void leave_link(herd::ConnectionId connection);
  // Ends a connection at once. Tells the peer, but not the core.
  void drop(herd::ConnectionId connection, bool with_reset);
  void tell_of_drop(const Connection& dropped, const PipeEnd& peer, bool with_reset);
  void leave_pipe(Connection& connection);

  // The members that every line needs come first, down to the first ones of the core server, and
  // then those that only news need.
  bool has_time_ = true;  // no input waits or takes time: handles input at once
  bool up_ = true, paused_ = false;
  herd::Instant armed_ = herd::Instant::max();  // the next wake-up; max(): none
  Pipes& pipes_;
  VirtualLoop& loop_;
  VirtualSurroundings& surroundings_;
  const ClockSkew skew_;
  std::optional<herd::Server> core_;
  std::vector<Connection> connections_;  // by ConnectionId

  const herd::ServerId id_;
  const Duration service_time_;
  const Duration alive_every_;  // 0: there are no keep-alives
  VirtualLinks& links_;
  herd::Observer& observer_;
  std::list<Input> waiting_;
  std::optional<herd::Instant> serving_until_;  // the first line that waits
  bool first_served_ = false;                   // that line has had its time
  std::uint32_t life_ = 0;                      // counts its deaths
  std::uint32_t newly_proven_ = kNobody;        // the neighbour of a link that has just come up
  std::uint32_t connections_peak_ = 0, open_connections_ = 0, links_overflowed_ = 0;
  FreePlaces<herd::ConnectionId> free_connections_;
  std::vector<LinkEnd> link_ends_;  // by NeighborId
  std::vector<Kept> kept_;
};

}  // namespace sim
