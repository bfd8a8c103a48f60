// The clients of one herd. Plays a plan over a world's connections, checks the answers, and keeps a
// log.
//
// The load is open loop: each action happens at its planned time, whether or not earlier answers
// have come. While a client has no connection its lines wait, and the wait counts in their latency.
//
// Strictly checked, each command must be answered once, in order, with its own fields. Servers that
// others wrote are checked leniently (see reply_judge.h).
//
// A client that loses its connection dials again, if its plan says so: after 100 ms, then after
// twice as long each time, up to 1.6 s.
//
// Use on the clients' thread only, except progress().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "sim/base/ring_queue.h"
#include "sim/base/text/pattern.h"
#include "sim/measure/figures/fleet_log.h"
#include "sim/run/clients/reply_judge.h"
#include "sim/script/plan/failover.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/world/client_world.h"
#include "sim/worlds/world/event_gate.h"

namespace sim {

// The rules by which answers are checked.
enum class ReplyRules {
  kStrict,   // they must have the very words that core/PROTOCOL.md asks for
  kLenient,  // they must mean the right thing
};

struct FleetProgress {
  std::uint64_t updates_sent = 0;
  bool idle = false;  // every action is done, and no answer is due any more
};

class Fleet final : public ClientWorldHandler {
 public:
  // All arguments but the names must outlive the fleet. `server_names` are in the order of the
  // herd's servers.
  Fleet(const Plan& plan, std::vector<std::string> server_names, ClientWorld& world,
        ReplyRules rules = ReplyRules::kStrict);

  // Called on the clients' thread for each update that a server has answered with its AT. `when` is
  // the script time at which the answer was complete.
  using OnReply =
      std::function<void(std::uint32_t update, std::uint32_t server, herd::Instant when)>;
  // Call before connect().
  void set_on_reply(OnReply on_reply) { on_reply_ = std::move(on_reply); }

  // A reply that matches refuses its line, in whatever words. Call before connect().
  void set_refusal(Pattern refusal) { refusal_ = std::move(refusal); }

  // Makes actions wait until the gate is open for their time. Call time_reached() whenever the gate
  // moves. Without a gate, every action happens at its time. Call before begin().
  void set_gate(const EventGate& gate) { gate_ = &gate; }

  // Connects every client, then calls `ready` once, with an error or with nothing. If there are no
  // clients, it is called from within this function.
  void connect(std::function<void(std::optional<std::string>)> ready);
  // Returns the clients that connect() has not connected, each with its server:
  // "client kiwi to server Ball".
  std::vector<std::string> unconnected() const;
  // Plays the plan from the world's time zero. `base` is the client time at that moment.
  void begin(herd::PosixNs base);
  // Ends the plan; what is unanswered now stays so.
  void stop();

  FleetProgress progress() const {
    return {updates_sent_.load(std::memory_order_relaxed), idle_.load(std::memory_order_acquire)};
  }
  // Read it on the clients' thread, or after that thread has ended.
  const FleetLog& log() const { return log_; }

  // ClientWorldHandler:
  void time_reached() override;
  void connected(ClientConnection connection) override;
  void line_received(ClientConnection connection, std::string_view line) override;
  void reply_received(ClientConnection connection, const ForeignReply& reply) override;
  void reply_missing(ClientConnection connection, NoReply why, std::string_view so_far) override;
  void disconnected(ClientConnection connection, bool orderly, std::string_view why) override;

 private:
  // An answer that is due, to an update, a query, or a line that the script sends word for word.
  struct Due {
    ActionKind kind = ActionKind::kUpdate;
    std::uint32_t index = 0;
    bool ends = false;  // the line makes the server close the connection
    bool moot = false;  // sent after such a line: it will have no answer
  };
  struct Connection {
    std::uint32_t client = 0;
    std::uint32_t server = 0;
    bool connected = false;
    bool finished = false;  // the client has closed it
    bool has_spoken = false;
    bool ends = false;          // a line was sent that makes the server close it
    bool in_handshake = false;  // its LINK was answered with a nonce
    bool in_places = false;     // the AT line of a WHATSAT's answer has come …
    std::string places;         // … and this much of its JSON
    RingQueue<Due> due;
  };
  struct Client {
    std::optional<ClientConnection> connection;
    std::uint32_t server = 0;  // to which it is connected, or which it dials
    std::uint32_t home = 0;    // to which it was connected last
    // Set while it has no connection.
    std::optional<Failover> failover;
    herd::Instant lost_at;
    std::uint32_t losses = 0;        // of connections, in total
    std::uint32_t failed_dials = 0;  // since it was last connected
    std::optional<herd::Instant> last_answer;
    std::optional<std::size_t> handover;  // the last one's index in the log, until it is answered
    RingQueue<Due> waiting;               // lines that wait for a connection
  };
  struct Redial {
    herd::Instant at;
    std::uint32_t client = 0;
    friend bool operator>(const Redial& a, const Redial& b) { return a.at > b.at; }
  };

  // Returns the next action of the plan; null if there is none or the gate holds it back.
  const PlannedAction* next_action() const;
  void connect_more();
  void open(std::uint32_t client);
  void act(const PlannedAction& action);
  void submit(std::uint32_t client, Due due);
  void send(ClientConnection id, Due due);
  // Returns the line to send. It stays valid until the next call.
  std::string_view line_of(Due due);
  void move(std::uint32_t client, std::uint32_t server);
  void redial(std::uint32_t client);
  void note_arrival(std::uint32_t client);
  void arm();
  void note_idle();
  // answered(): the oldest command due was answered at `when`. settled(): it was, or never will be.
  void answered(Connection& connection, ClientConnection id, herd::Instant when);
  void settled(Connection& connection);
  ReplyVerdict judge(const Connection& connection, const ForeignReply& reply);
  void note_reply(Due due, std::uint32_t server, const ReplyVerdict& verdict, herd::Instant when);
  void note_report(std::uint32_t update, std::uint32_t server, herd::Instant when);
  // Keeps the first replies in other words than the protocol's, with the words that it has.
  void note_odd_reply(const Connection& connection, ReplyKind kind, std::string_view reply);
  void note_unfinished(std::string_view bytes);
  void note_unsent(Due due);
  // Tells the lines of a connection that went out and were not answered from those that wait.
  void stop(ClientConnection id);
  void count(const Connection& connection, std::uint64_t ReplyCounts::*outcome,
             std::uint64_t times = 1);
  void query_line(Connection& connection, ClientConnection id, std::string_view line);
  // Checks an answer to the line that makes the server close, or to one after it. Both are refused
  // or have none. But a LINK with the right names begins a handshake, which the server answers with
  // a nonce; then the next line is refused in its place.
  void check_last_answer(Connection& connection, std::string_view line);
  void check_echo(const Connection& connection, std::string_view sent, std::string_view line);
  // Checks the answer and returns whether it is right.
  bool check_report(const Connection& connection, const PlannedUpdate& update,
                    std::string_view line);
  // Notes a violation by the answer `line` to the oldest command that is due, if any is.
  void violation(const Connection& connection, const std::string& what, std::string_view line);
  // Returns a sentence about the lines that are due an answer; empty if none is.
  std::string never_answered(const Connection& connection);
  // Returns "client ID at SERVER: ".
  std::string words_of(const Connection& connection) const;
  void note_violation(const Connection& connection, const std::string& what);
  void note_unanswered(const Connection& connection);
  Connection& at(ClientConnection id) { return connections_[id.value]; }

  const Plan& plan_;
  std::vector<std::string> server_names_;
  ClientWorld& world_;
  ReplyRules rules_;
  OnReply on_reply_;
  std::optional<Pattern> refusal_;
  const EventGate* gate_ = nullptr;
  std::vector<Client> clients_;
  std::vector<Connection> connections_;  // by ClientConnection::value
  std::priority_queue<Redial, std::vector<Redial>, std::greater<>> redials_;
  std::function<void(std::optional<std::string>)> ready_;
  std::uint32_t next_to_connect_ = 0, connecting_ = 0;
  std::size_t next_action_ = 0;
  bool begun_ = false, stopped_ = false;
  herd::PosixNs base_ = 0;
  std::uint64_t due_ = 0;  // answers due on all connections, and lines that wait for one
  std::string scratch_;
  FleetLog log_;
  std::atomic<std::uint64_t> updates_sent_{0};
  std::atomic<bool> idle_{false};
};

}  // namespace sim
