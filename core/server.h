// One server of a herd: what it answers its clients, what it tells its neighbours, when it dials.
//
// It opens no socket and reads no clock. The world hands it inputs (a line came, a connection
// closed, this much time has passed); it calls Effects for what it wants done and Observer for what
// it decided. Clients and neighbours come through the same connections and the same handlers: a
// connection is a client's until it proves to be a link.
//
// `now.run` never goes backwards from one input to the next. Bad input from outside is answered or
// counted, never an exception. One thread at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/effects.h"
#include "core/framing.h"
#include "core/ids.h"
#include "core/keep_alive.h"
#include "core/limits.h"
#include "core/observer.h"
#include "core/parse.h"
#include "core/propagation.h"
#include "core/random.h"
#include "core/reconciler.h"
#include "core/record_order.h"
#include "core/record_store.h"
#include "core/recovery.h"
#include "core/time.h"

namespace herd {

struct NeighborConfig {
  std::string name;
  bool dials = false;     // this server dials; else the neighbour does
  std::string own_mac;    // what this server shows the neighbour
  std::string their_mac;  // what the neighbour has to show
  // How long a dial may take until the link is proven.
  Duration handshake_timeout = kHandshakeTimeout;
};

struct ServerConfig {
  std::string herd;
  std::string name;
  Scheme scheme = Scheme::kFloodEcho;
  std::vector<NeighborConfig> neighbors;
  std::uint64_t seed = 1;  // of the back-off's jitter
  Recovery recovery = Recovery::kNone;
  // None: links say nothing when there is nothing to say, and are never too silent.
  std::optional<KeepAlive> keep_alive = std::nullopt;
  RecordOrder order = RecordOrder::kClientTime;
};

class Server : private Reconciler::Output {
 public:
  // `effects` and `observer` must outlive the server.
  Server(ServerId id, ServerConfig config, Effects& effects, Observer& observer);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Inputs.

  // Dials the neighbours that are this server's to dial.
  void start(Moment now);
  // Somebody connected. The world chooses the ids: small, free, and from then on the name of that
  // connection until connection_closed().
  void connection_opened(ConnectionId id);
  void line_received(ConnectionId from, const Line& line, Moment now);
  // The same as the AT line of a report, on the connection that is the link to this neighbour, from
  // a world that has no need to write and read it. Precondition: the link is up.
  void record_received(NeighborId from, const RecordView& report, Moment now);
  // A line beyond the limit; `first_bytes` is how it begins. No further line may follow.
  void overlong_line(ConnectionId from, std::string_view first_bytes, Moment now);
  // The other side sends no more, but may still read: a client gets its answers, a link is over.
  void input_ended(ConnectionId from, Moment now);
  // The connection is gone, whoever ended it; its id is free again.
  void connection_closed(ConnectionId connection, Moment now);
  // The answer to dial(): the connection to the neighbour stands, by the id that the world gives
  // it, or could not be made.
  void dialled(NeighborId neighbor, ConnectionId id, Moment now);
  void dial_failed(NeighborId neighbor, Moment now);
  // Dials a neighbour at once where the link is this server's to dial and not up: a back-off has
  // no more reason, and a dial or a greeting under way is given up for a new one.
  void redial(NeighborId neighbor, Moment now);
  // The answer to ask_places(): a Nearby Search JSON, framed as protocol.md asks for.
  void places_answered(QueryId query, std::string_view json);
  void time_reached(Moment now);

  // Questions.

  // When time_reached() is due; nullopt where nothing is. Any input may change it.
  std::optional<Instant> deadline() const;
  // The longest line that the connection may send.
  std::size_t max_line(ConnectionId connection) const;
  // How many answers wait for Places on the connection.
  std::size_t waiting_answers(ConnectionId connection) const;
  bool link_is_up(NeighborId neighbor) const;
  // Whether nothing more is to come of the link's recovery: it is down, or in step, or nothing is
  // recovered here.
  bool recovery_is_over(NeighborId neighbor) const;
  bool all_links_up() const { return links_up_ == config_.neighbors.size(); }
  const RecordStore& records() const { return records_; }
  const ServerConfig& config() const { return config_; }
  ServerId id() const { return id_; }

  // Hints for what will arrive, see prefetch.h.
  class Prefetch;
  Prefetch prefetch() const;

 private:
  enum class Role { kClosed, kClient, kHandshake, kLink };

  // A WHATSAT that waits for Places, and the answers that wait behind it.
  struct WaitingAnswer {
    QueryId query;
    std::string answer;  // the AT line, later the JSON too
    std::string ending;
    bool answered = false;
    std::string behind;
  };

  struct Session {
    Role role = Role::kClosed;
    NeighborId neighbor;      // of kHandshake and kLink
    bool has_spoken = false;  // only a connection's first line may be LINK
    bool ending = false;      // closed once nothing waits
    CloseReason end_reason = CloseReason::kPeerDone;
    std::list<WaitingAnswer> waiting;
  };

  struct Neighbor {
    enum class State { kDown, kDialling, kHandshake, kUp };
    State state = State::kDown;
    ConnectionId connection;
    int failures = 0;  // in a row
    LinkWatch watch;   // of kUp
    // The next dial; the end of patience with a dial and its greeting; the next look at a link.
    std::optional<Instant> timer;
  };

  struct Timer {
    Instant at;
    NeighborId neighbor;
    friend auto operator<=>(const Timer&, const Timer&) = default;
  };

  Session& open_session(ConnectionId id, Role role);
  Session& session(ConnectionId id) { return sessions_[id.value]; }
  const Session& session(ConnectionId id) const { return sessions_[id.value]; }

  void client_line(ConnectionId from, const Line& line, Moment now);
  void handle(ConnectionId from, const Line& line, const Iamat& report, Moment now);
  void handle(ConnectionId from, const Line& line, const Whatsat& query, Moment now);
  void handle(ConnectionId from, const Line& line, const Handshake& handshake, Moment now);
  void refuse(ConnectionId from, const Line& line, const ParseError& error);
  void link_line(ConnectionId from, const Line& line, Moment now);
  void news(NeighborId from, const RecordView& report, Moment now);
  void sync_line(NeighborId from, const Line& line, Moment now);
  void acknowledgement(ConnectionId from, const Line& line, Moment now);

  void answer(ConnectionId to, std::string_view text, std::string_view ending);
  void end_when_answered(ConnectionId id, CloseReason reason);
  void flush_answered(ConnectionId id);
  void taken(const RecordView& report, std::optional<NeighborId> from, Moment now);
  void repaired(const RecordView& report, NeighborId from, Moment now);
  void send_news(NeighborId to, const RecordView& report, Moment now);

  // Reconciler::Output
  void say(NeighborId to, std::string_view line, Moment now) override;
  std::size_t repair(NeighborId to, const RecordView& record, Moment now) override;
  void synchronized(NeighborId neighbor, Moment now) override;

  std::optional<NeighborId> find_neighbor(std::string_view name) const;
  void bring_up(NeighborId id, ConnectionId connection, Moment now);
  void take_down(NeighborId id, Moment now);
  void drop_silent_link(NeighborId id, Moment now);
  void dial(NeighborId id, Moment now);
  void abandon_handshake(NeighborId id, CloseReason reason);
  void watch_link(NeighborId id, Duration late, Moment now);
  void set_link_timer(NeighborId id, Moment now);
  void set_timer(NeighborId id, Instant at);
  void back_off(NeighborId id, Moment now);
  void drop_stale_timers();

  // What every report needs comes first, see Prefetch::kHotBytes: a herd of many servers is bound
  // by memory.
  ServerId id_;
  Scheme scheme_;
  bool keeps_alive_;
  Effects& effects_;
  Observer& observer_;
  RecordStore records_;
  std::unique_ptr<Reconciler> reconciler_;  // of Recovery::kSync
  std::vector<Neighbor> neighbors_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::vector<Session> sessions_;
  std::size_t links_up_ = 0;
  ServerConfig config_;
  Random random_;
  std::unordered_map<std::uint32_t, ConnectionId> queries_;
  std::uint32_t next_query_ = 0;
  std::string scratch_;         // the line being written
  std::string repair_scratch_;  // a repair's
};

}  // namespace herd
