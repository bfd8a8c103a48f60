// One server of a herd: it answers its clients, relays to its neighbours, and dials its links.
//
// It opens no socket and reads no clock. The world passes inputs (a line came, a connection closed,
// time has passed). The server calls Effects for the actions that it wants, and Observer for its
// decisions. Clients and neighbours use the same connections and the same handlers: a connection
// belongs to a client until its handshake makes it a link.
//
// `now.run` never goes backwards from one input to the next. Bad input from outside is answered or
// counted; it never causes an exception. One thread at a time may use a server.
#pragma once

#include <algorithm>
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
#include "core/handshake.h"
#include "core/held_texts.h"
#include "core/herd_map.h"
#include "core/ids.h"
#include "core/keep_alive.h"
#include "core/limits.h"
#include "core/name_set.h"
#include "core/observer.h"
#include "core/outbox.h"
#include "core/parse.h"
#include "core/propagation.h"
#include "core/random.h"
#include "core/reconciler.h"
#include "core/record_order.h"
#include "core/record_store.h"
#include "core/recovery.h"
#include "core/shared_text.h"
#include "core/siphash.h"
#include "core/time.h"

namespace herd {

class LineMemo;

struct NeighborConfig {
  std::string name;
  bool dials = false;  // this server dials; else the neighbour does
  // The timeout from the dial to the end of the handshake.
  Duration handshake_timeout = kHandshakeTimeout;
};

// The part of a configuration that is the same for all servers of a herd.
struct HerdConfig {
  std::string name;
  Scheme scheme = Scheme::kFloodEcho;
  std::uint64_t seed = 1;  // for the jitter of the back-off
  Recovery recovery = Recovery::kNone;
  // Nullopt: no ALIVE is sent, and no link is closed because of silence.
  std::optional<KeepAlive> keep_alive = std::nullopt;
  RecordOrder order = RecordOrder::kClientTime;
  // The server answers a client's report that is further ahead of its clock than this, but does not
  // take it. Nullopt: it takes every report, as the paper's servers do.
  std::optional<Duration> max_ahead = std::nullopt;
  // Must outlive the server. Null only if it has no neighbours.
  Authenticator* authenticator = nullptr;
  // The names of all servers of the herd: an AT line of a link names one of them. Null: the server
  // does not know them, and takes any name.
  std::shared_ptr<const NameSet> servers = nullptr;
  // The key of the table of records, see RecordStore. Random if clients are strangers.
  SipKey hash_key = {};
  RecordLimits record_limits = {};
  // The AT lines that it parses less often. Servers on one thread may share it, if they share
  // reports. Null: the server has its own.
  std::shared_ptr<LineMemo> lines = nullptr;
  // Recovery::kSync: how long after a comparison the two endpoints of a link compare again;
  // nullopt: only when a link comes up.
  std::optional<Duration> compare_every = std::nullopt;
  // For schemes that route by a map, and null for others. Servers on one thread share the trees.
  std::shared_ptr<const HerdMap> map = nullptr;
  std::shared_ptr<TreeMemo> trees = nullptr;
};

struct ServerConfig {
  std::string name;
  std::vector<NeighborConfig> neighbors = {};
  // Never null. The servers of one process share it: a herd may have very many.
  std::shared_ptr<const HerdConfig> herd = std::make_shared<const HerdConfig>();
  // Nullopt: every record goes out at once, in a line of its own.
  std::optional<OutboxSpec> outbox = std::nullopt;
  // Its seat among the servers on one thread that share reports; none: it shares with no other.
  RecordSeat seat = {};
};

class Server : private Reconciler::Output {
 public:
  // `effects` and `observer` must outlive the server.
  Server(ServerId id, ServerConfig config, Effects& effects, Observer& observer);
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Inputs.

  // Dials the neighbours that this server must dial.
  void start(Moment now);
  // A client or a neighbour connected. The world chooses `id`: small and free. It identifies the
  // connection until connection_closed().
  void connection_opened(ConnectionId id);
  void line_received(ConnectionId from, const Line& line, Moment now);
  // Has the effect of the report's AT line on the link to this neighbour, for a world that need not
  // write and read lines. Preconditions: the link is up, and a server of the herd wrote the report.
  void record_received(NeighborId from, const RecordView& report, Moment now);
  // Returns true if a server of this configuration does nothing with a duplicate but report it to
  // its observer, whatever its state is.
  static bool only_reports_duplicates(const ServerConfig& config) {
    return config.herd->scheme.info().relay != SchemeInfo::Relay::kOwn && !config.outbox &&
           !config.herd->keep_alive;
  }
  // Has the effect of record_received() at such a server for a report that is noted at the server's
  // seat. It needs no memory of the server: two thirds of what a flood brings are duplicates.
  static void duplicate_received(ServerId id, NeighborId from, const RecordView& report,
                                 Observer& observer, Moment now) {
    observer.update_received(id, from, report, Verdict::kDuplicate, now);
  }
  // A line is longer than the limit; `first_bytes` is its beginning. No further line may follow.
  void overlong_line(ConnectionId from, std::string_view first_bytes, Moment now);
  // The other endpoint sends no more, but may still read. A client still gets its answers; a link
  // ends.
  void input_ended(ConnectionId from, Moment now);
  // The connection is gone, by either endpoint. Its id is free again.
  void connection_closed(ConnectionId connection, Moment now);
  // The answers to dial(): the connection to the neighbour is open, with the id that the world
  // chose; or it failed.
  void dialled(NeighborId neighbor, ConnectionId id, Moment now);
  void dial_failed(NeighborId neighbor, Moment now);
  // Dials a neighbour at once, if this server must dial it and the link is down. Ends any back-off.
  // Replaces a dial or a handshake in progress.
  void redial(NeighborId neighbor, Moment now);
  // The answer to ask_places(): a Nearby Search JSON, framed as PROTOCOL.md requires.
  void places_answered(QueryId query, SharedText json);
  // There is room again for a client's answers, see Effects::has_room().
  void output_drained(ConnectionId client);
  // There may be room on a link, see Effects::room_at(): nothing waits on it any more, or what it
  // is like has changed.
  void link_drained(NeighborId neighbor, Moment now);
  void time_reached(Moment now);
  // For a world that knows that all lines of a link come through. From now on it is the world that
  // accounts for the ALIVE lines of this endpoint: the server sends none, does not look for
  // silence, and reports its other lines to Effects::assured_link_speaks(). It does so until
  // watch_link_again(), or until the link is down. Preconditions: the link is up, and the server
  // has keep-alives.
  void assure_link(NeighborId neighbor, Moment now);
  // The server watches the link again, and looks at it at `look`, at the latest when its next
  // ALIVE is due. The last lines, ALIVE lines included, were sent at `said` and received at
  // `heard`. Has no effect if the world does not assure the link.
  void watch_link_again(NeighborId neighbor, Instant said, Instant heard, Instant look, Moment now);
  // The server's process dies: reports what it will not send. No further input may follow.
  void dies(Moment now);

  // Questions.

  // Returns when time_reached() is due; nullopt if nothing is due. Any input may change it.
  std::optional<Instant> deadline() const {
    const Instant at = due();
    return at == Instant::max() ? std::nullopt : std::optional(at);
  }
  // The same for a world that asks after every line: Instant::max() if nothing is due. GCC copies
  // an optional in such a way that the processor waits for each of its parts.
  Instant due() const {
    return routes() || has_outbox_ ? std::min(next_timer_, sending_due()) : next_timer_;
  }
  // Returns the longest line that the connection may send, in bytes without its ending.
  std::size_t max_line(ConnectionId connection) const;
  // Returns the number of answers on the connection that wait for Places; 0 if there is no such
  // connection.
  std::size_t waiting_answers(ConnectionId connection) const;
  // Returns the number of bytes that they and the answers behind them take.
  std::size_t waiting_bytes(ConnectionId connection) const {
    const Session& who = session(connection);
    return who.waiting == nullptr ? 0 : who.waiting->bytes + who.waiting->places.bytes();
  }
  bool link_is_up(NeighborId neighbor) const;
  // Returns the times of the last lines on a link that is or was up, without those that the world
  // accounts for.
  const LinkWatch& watch(NeighborId neighbor) const { return watches_[neighbor.value]; }
  // Returns when the server looks next at a link that is up and that it watches.
  Instant next_look(NeighborId neighbor) const {
    const Instant timer = upkeep_[neighbor.value].timer;
    return timer == kNever ? Instant::min() : timer;
  }
  // Returns true if the link has no more recovery to do: it is down or synchronized, or this server
  // has no recovery.
  bool recovery_is_over(NeighborId neighbor) const;
  // Returns true if both endpoints of the link held the same records when they last compared, and
  // this server has accepted none since.
  bool holds_the_same(NeighborId neighbor) const;
  // Returns true if the server will send no update of itself, by its scheme or its outbox.
  bool is_quiet() const;
  bool all_links_up() const { return links_up_ == config_->neighbors.size(); }
  const RecordStore& records() const { return records_; }
  const ServerConfig& config() const { return *config_; }
  ServerId id() const { return id_; }

  // Hints for what will arrive, see prefetch.h.
  class Prefetch;
  Prefetch prefetch() const;

 private:
  // The server's part of a scheme that is no flood.
  class Routing;
  // Its sending through an outbox.
  class Posting;

  // kAsked: a connection from outside that has said LINK, and must say MAC.
  enum class Role : std::uint8_t { kClosed, kClient, kAsked, kHandshake, kLink };

  // A WHATSAT that waits for Places or for room, and the answers that wait behind it.
  struct WaitingAnswer {
    QueryId query;
    std::string answer;  // the AT line
    std::string ending;
    bool answered = false;
    SharedText json;
    std::string behind;
  };

  struct WaitingAnswers {
    std::list<WaitingAnswer> list;
    std::size_t bytes = 0;  // of what waits, without `places`
    HeldTexts places;       // the part of it that came from Places
  };

  // The nonces of a handshake. In Role::kHandshake, `theirs` is empty until the neighbour sends it.
  struct Nonces {
    std::string own, theirs;
  };

  struct Session {
    Role role = Role::kClosed;
    bool has_spoken = false;  // only a connection's first line may be LINK
    bool ending = false;      // close once no answer waits
    CloseReason end_reason = CloseReason::kPeerDone;
    NeighborId neighbor;                          // of kAsked, kHandshake and kLink
    std::uint32_t place = RecordStore::kNoPlace;  // of the client that it last reported
    std::unique_ptr<Nonces> nonces;               // until it is a link
    std::unique_ptr<WaitingAnswers> waiting;      // from the first WHATSAT on
    bool is_waiting() const { return waiting != nullptr && !waiting->list.empty(); }
  };

  // What sending needs of a link; apart from its Upkeep, so that a server's links share a cache
  // line.
  struct Neighbor {
    enum class State { kDown, kDialling, kHandshake, kUp };
    State state = State::kDown;
    ConnectionId connection;
  };
  static constexpr Instant kNever = Instant::max();
  struct Upkeep {
    int failures = 0;         // in a row
    bool is_assured = false;  // the world accounts for its ALIVE lines
    // The next event by state: the next dial (kDown), the timeout of a dial or a handshake, or the
    // next check of a link that is up.
    Instant timer = kNever;
  };

  struct Timer {
    Instant at;
    NeighborId neighbor;
    friend auto operator<=>(const Timer&, const Timer&) = default;
  };

  static constexpr std::uint32_t kPastTimers = 0xffff'ffff;

  Session& open_session(ConnectionId id, Role role);
  Session& session(ConnectionId id) { return sessions_[id.value]; }
  const Session& session(ConnectionId id) const { return sessions_[id.value]; }

  void client_line(ConnectionId from, const Line& line, Moment now);
  void handle(ConnectionId from, const Line& line, const Iamat& report, Moment now);
  void handle(ConnectionId from, const Line& line, const Whatsat& query, Moment now);
  void handle(ConnectionId from, const Line& line, const Handshake& handshake, Moment now);
  void refuse(ConnectionId from, const Line& line, const ParseError& error);
  void link_line(ConnectionId from, const Line& line, Moment now);
  // Returns the verdict on the report.
  Verdict news(NeighborId from, const RecordView& report, Moment now);
  void sync_line(NeighborId from, const Line& line, Moment now);
  void mac_line(ConnectionId from, const Line& line, Moment now);
  void handshake_line(ConnectionId from, const Line& line, Moment now);
  void refuse_on_link(const Line& line, const ParseError& error);
  // There is no room for a report from a link.
  void refuse_report(const RecordView& report);
  void repair_received(NeighborId from, const RecordView& report, Moment now);
  // Returns the MAC of this server, or of the neighbour, in the handshake of this connection.
  std::string own_mac(std::string_view word, const Session& who) const;
  std::string their_mac(std::string_view word, const Session& who) const;
  // Returns what is wrong with a report from a link; nullopt if nothing is.
  std::optional<ParseError> foreign_server(const RecordView& report) const;

  void answer(ConnectionId to, std::string_view text, std::string_view ending);
  void end_when_answered(ConnectionId id, CloseReason reason);
  void flush_answered(ConnectionId id);
  // By reference: GCC would write `from` in two parts and read it as one for the call, and then
  // waits for all writes before it.
  void taken(const RecordView& report, const std::optional<NeighborId>& from, Moment now);
  void repaired(const RecordView& report, NeighborId from, Moment now);
  void send_news(NeighborId to, const RecordView& report, Moment now);
  // Sends news as the two floods do.
  void flood(const RecordView& report, const std::optional<NeighborId>& from, Moment now);
  // Notes that a line goes to the neighbour now.
  void said(NeighborId to, Moment now) {
    if (keeps_alive_) note_said(to, now);
  }
  // Returns true if its scheme is no flood.
  bool routes() const { return relay_ == SchemeInfo::Relay::kOwn; }
  // Returns when the scheme or the outbox has something to do; Instant::max() if they have not.
  Instant sending_due() const;
  // Notes for the link's watch that a line goes out now. If the world assures the link, it hears of
  // that first.
  void note_said(NeighborId to, Moment now);
  void say_control(NeighborId to, std::string_view line, Moment now);
  void compare(NeighborId neighbor, Moment now);

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
  // Returns true if this server sends ALIVE on the link and looks for silence.
  bool is_watched(NeighborId id) const { return keeps_alive_ && !upkeep_[id.value].is_assured; }
  void set_link_timer(NeighborId id, Moment now);
  void set_timer(NeighborId id, Instant at);
  void back_off(NeighborId id, Moment now);
  void drop_stale_timers();

  // What every report needs comes first, then what news need, see Prefetch: a herd of many servers
  // is bound by memory.
  ServerId id_;
  SchemeInfo::Relay relay_;
  bool keeps_alive_;
  bool has_outbox_;
  std::uint8_t links_at_once_;  // see Effects
  Effects& effects_;
  Observer& observer_;
  Instant next_timer_ = Instant::max();  // of timers_, if there is one
  RecordStore records_;
  std::unique_ptr<Reconciler> reconciler_;  // of Recovery::kSync
  std::vector<Neighbor> neighbors_;
  std::vector<Upkeep> upkeep_;      // by NeighborId
  std::vector<LinkWatch> watches_;  // by NeighborId, if it keeps links alive
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::unique_ptr<Routing> routing_;  // if it routes()
  std::unique_ptr<Posting> posting_;  // if it has an outbox
  std::vector<Session> sessions_;
  std::size_t links_up_ = 0;
  std::unique_ptr<const ServerConfig> config_;  // apart, because few reports need it
  Random random_;
  // The neighbour whose timer time_reached() handles; it is past those before it. Otherwise past
  // all.
  std::uint32_t timer_of_ = kPastTimers;
  std::unordered_map<std::uint32_t, ConnectionId> queries_;
  std::uint32_t next_query_ = 0;
  std::shared_ptr<LineMemo> lines_;  // once a line came on a link, if it is its own
  std::string scratch_;              // the line being written
  std::string repair_scratch_;       // the repair being written
};

}  // namespace herd
