// The clients of one herd: carries out a plan over a world's connections, and keeps what came of
// it.
//
// Open loop: what is planned is sent when it is planned, whether or not earlier answers have come;
// while a client has no connection its lines wait, and their latency counts all the same. Answers
// are checked as they come: each with its own fields, once, in order; or leniently, where somebody
// else wrote the servers, and the world says what came of each command (reply_judge.h).
//
// A client whose connection is lost dials again, where its plan says, after 100 ms and after twice
// as long each further time, up to 1.6 s.
//
// One thread, the clients'; progress() may be read from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "sim/measure/figures/fleet_log.h"
#include "sim/run/clients/reply_judge.h"
#include "sim/script/plan/failover.h"
#include "sim/script/plan/plan.h"
#include "sim/worlds/world/client_world.h"
#include "sim/worlds/world/event_gate.h"

namespace sim {

// How answers are checked.
enum class ReplyRules {
  kStrict,   // word for word as protocol.md has them
  kLenient,  // by what they must mean
};

struct FleetProgress {
  std::uint64_t updates_sent = 0;
  bool idle = false;  // all is done, and all that can be answered is
};

class Fleet final : public ClientWorldHandler {
 public:
  // All must outlive the fleet. `server_names` by server, for checking answers.
  Fleet(const Plan& plan, std::vector<std::string> server_names, ClientWorld& world,
        ReplyRules rules = ReplyRules::kStrict);

  // Is told of each update of the plan that a server has answered with its AT; `when`, script time:
  // that was whole. On the clients' thread, from within the fleet.
  using OnReply =
      std::function<void(std::uint32_t update, std::uint32_t server, herd::Instant when)>;
  // Before connect().
  void set_on_reply(OnReply on_reply) { on_reply_ = std::move(on_reply); }

  // Nothing of the plan is done before the gate is open for it; whoever moves the gate has
  // time_reached() called. Without one all is done at its time. Before begin().
  void set_gate(const EventGate& gate) { gate_ = &gate; }

  // Connects every client; `ready` is called once, with an error's text or nothing, and from within
  // this call where there is no client.
  void connect(std::function<void(std::optional<std::string>)> ready);
  // Plays the plan from the world's time zero on. `base` is the client time of time zero.
  void begin(herd::PosixNs base);
  // Does nothing more of the plan.
  void stop();

  FleetProgress progress() const {
    return {updates_sent_.load(std::memory_order_relaxed), idle_.load(std::memory_order_acquire)};
  }
  // When the clients' thread has ended, or on it.
  const FleetLog& log() const { return log_; }

  // ClientWorldHandler
  void time_reached() override;
  void connected(ClientConnection connection) override;
  void line_received(ClientConnection connection, std::string_view line) override;
  void reply_received(ClientConnection connection, const ForeignReply& reply) override;
  void reply_missing(ClientConnection connection, NoReply why) override;
  void disconnected(ClientConnection connection, bool orderly, std::string_view why) override;

 private:
  // An answer that is due: to an update, a query, or a line of the script's own.
  struct Due {
    ActionKind kind = ActionKind::kUpdate;
    std::uint32_t index = 0;
  };
  struct Connection {
    std::uint32_t client = 0;
    std::uint32_t server = 0;
    bool connected = false;
    bool finished = false;   // by us
    bool overlong = false;   // a line was sent that ends the connection
    bool in_places = false;  // behind the AT line of a WHATSAT's answer …
    std::string places;      // … and the JSON so far
    std::deque<Due> due;
  };
  struct Client {
    std::optional<ClientConnection> connection;
    std::uint32_t server = 0;  // that it is at, or dials
    std::uint32_t home = 0;    // that it was connected to last
    // From when its connection was lost until it has another.
    std::optional<Failover> failover;
    herd::Instant lost_at;
    std::uint32_t losses = 0;        // so far
    std::uint32_t failed_dials = 0;  // in a row
    std::optional<herd::Instant> last_answer;
    std::optional<std::size_t> handover;  // its last one in the log, until the server has answered
    std::deque<Due> waiting;              // for a connection
  };
  struct Redial {
    herd::Instant at;
    std::uint32_t client = 0;
    friend bool operator>(const Redial& a, const Redial& b) { return a.at > b.at; }
  };

  // What the plan has next, to be done once its time has come; null where there is nothing, or the
  // gate holds it back.
  const PlannedAction* next_action() const;
  void connect_more();
  void open(std::uint32_t client);
  void act(const PlannedAction& action);
  void submit(std::uint32_t client, Due due);
  void send(ClientConnection connection, Due due);
  // What is to be sent; good until the next call.
  std::string_view line_of(Due due);
  void move(std::uint32_t client, std::uint32_t server);
  void redial(std::uint32_t client);
  void note_arrival(std::uint32_t client);
  void arm();
  void note_idle();
  // The oldest command due was answered, at `when`, or will never be.
  void answered(Connection& connection, ClientConnection id, herd::Instant when);
  void settled(Connection& connection);
  ReplyVerdict judge(const Connection& connection, const ForeignReply& reply);
  void note_reply(Due due, std::uint32_t server, const ReplyVerdict& verdict, herd::Instant when);
  void note_report(std::uint32_t update, std::uint32_t server, herd::Instant when);
  void count(const Connection& connection, std::uint64_t ReplyCounts::*outcome,
             std::uint64_t times = 1);
  void query_line(Connection& connection, ClientConnection id, std::string_view line);
  void check_echo(const Connection& connection, std::string_view sent, std::string_view line);
  // Whether it is the answer.
  bool check_report(const Connection& connection, const PlannedUpdate& update,
                    std::string_view line);
  void violation(const Connection& connection, const std::string& what, std::string_view line);
  Connection& at(ClientConnection id) { return connections_[id.value]; }

  const Plan& plan_;
  std::vector<std::string> server_names_;
  ClientWorld& world_;
  ReplyRules rules_;
  OnReply on_reply_;
  const EventGate* gate_ = nullptr;
  std::vector<Client> clients_;
  std::vector<Connection> connections_;  // by ClientConnection
  std::priority_queue<Redial, std::vector<Redial>, std::greater<>> redials_;
  std::function<void(std::optional<std::string>)> ready_;
  std::uint32_t next_to_connect_ = 0, connecting_ = 0;
  std::size_t next_action_ = 0;
  bool begun_ = false, stopped_ = false;
  herd::PosixNs base_ = 0;
  std::uint64_t due_ = 0;  // answers, on all connections, and lines that wait for one
  std::string scratch_;
  FleetLog log_;
  std::atomic<std::uint64_t> updates_sent_{0};
  std::atomic<bool> idle_{false};
};

}  // namespace sim
