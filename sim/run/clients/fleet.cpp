#include "sim/run/clients/fleet.h"

#include <algorithm>
#include <utility>

#include "core/format.h"

namespace sim {
namespace {

// The number of clients that dial at once before the run; fits into any listener's backlog.
constexpr std::uint32_t kConnectingAtOnce = 128;
constexpr Duration kFirstRedial = std::chrono::milliseconds(100);
constexpr std::uint32_t kMostDoublings = 4;

}  // namespace

Fleet::Fleet(const Plan& plan, std::vector<std::string> server_names, ClientWorld& world,
             ReplyRules rules)
    : plan_(plan), server_names_(std::move(server_names)), world_(world), rules_(rules) {
  clients_.resize(plan.clients.size());
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    clients_[i].server = clients_[i].home = plan.clients[i].first_server;
  }
  log_.answered.resize(plan.updates.size());
  log_.queries.resize(plan.queries.size());
  log_.connections_lost.resize(plan.clients.size());
  log_.answers.resize(plan.clients.size());
  log_.reply_counts.resize(plan.clients.size());
}

void Fleet::connect(std::function<void(std::optional<std::string>)> ready) {
  ready_ = std::move(ready);
  connect_more();
}

void Fleet::connect_more() {
  while (next_to_connect_ < clients_.size() && connecting_ < kConnectingAtOnce) {
    ++connecting_;
    open(next_to_connect_++);
  }
  if (connecting_ == 0 && ready_) std::exchange(ready_, nullptr)(std::nullopt);
}

void Fleet::open(std::uint32_t client) {
  Client& who = clients_[client];
  const ClientConnection id = world_.connect(client, who.server);
  if (id.value >= connections_.size()) connections_.resize(id.value + 1);
  at(id) = Connection{};
  at(id).client = client;
  at(id).server = who.server;
  who.connection = id;
  const RingQueue<Due> waiting = std::exchange(who.waiting, {});
  for (std::uint32_t i = 0; i < waiting.size(); ++i) {
    --due_;
    send(id, waiting[i]);
  }
}

std::vector<std::string> Fleet::unconnected() const {
  std::vector<std::string> out;
  for (std::uint32_t c = 0; c < clients_.size(); ++c) {
    const Client& who = clients_[c];
    if (who.connection && connections_[who.connection->value].connected) continue;
    out.push_back("client " + plan_.clients[c].id + " to server " + server_names_[who.server]);
  }
  return out;
}

void Fleet::begin(herd::PosixNs base) {
  base_ = base;
  begun_ = true;
  time_reached();
}

void Fleet::stop() {
  stopped_ = true;
  for (std::uint32_t id = 0; id < connections_.size(); ++id) stop(ClientConnection{id});
  for (const Client& client : clients_) {
    for (std::uint32_t i = 0; i < client.waiting.size(); ++i) note_unsent(client.waiting[i]);
    if (!client.connection) continue;
    // A foreign world tells of every command that has no answer.
    if (rules_ == ReplyRules::kStrict && world_.at_rest(*client.connection)) {
      note_unanswered(at(*client.connection));
    }
  }
  note_idle();
}

void Fleet::stop(ClientConnection id) {
  const Connection& connection = at(id);
  if (connection.due.empty()) return;
  const std::size_t all = connection.due.size();
  const std::size_t unsent = connection.connected ? std::min(all, world_.unsent(id)) : all;
  for (std::size_t i = all - unsent; i < all; ++i) {
    note_unsent(connection.due[static_cast<std::uint32_t>(i)]);
  }
  if (unsent == all) return;
  log_.reply_counts[connection.client].silences += all - unsent;
  if (rules_ == ReplyRules::kLenient) note_unfinished(world_.unfinished(id));
}

void Fleet::note_unsent(Due due) {
  if (due.kind == ActionKind::kUpdate) log_.unsent_updates.push_back(due.index);
  if (due.kind == ActionKind::kQuery) log_.unsent_queries.push_back(due.index);
}

void Fleet::note_unfinished(std::string_view bytes) {
  constexpr std::size_t kMostKept = 40;
  if (bytes.empty()) return;
  if (log_.unfinished_replies++ == 0) log_.first_unfinished = bytes.substr(0, kMostKept);
}

void Fleet::time_reached() {
  if (!begun_ || stopped_) return;
  const herd::Instant now = world_.now();
  while (!redials_.empty() && redials_.top().at <= now) {
    const std::uint32_t client = redials_.top().client;
    redials_.pop();
    if (!clients_[client].connection) redial(client);
  }
  const PlannedAction* action = nullptr;
  while ((action = next_action()) != nullptr && action->at <= now) {
    ++next_action_;
    act(*action);
  }
  log_.actions_done = next_action_;
  arm();
  note_idle();
}

const PlannedAction* Fleet::next_action() const {
  if (next_action_ == plan_.actions.size()) return nullptr;
  const PlannedAction& next = plan_.actions[next_action_];
  return gate_ == nullptr || gate_->is_open(next.at) ? &next : nullptr;
}

void Fleet::arm() {
  std::optional<herd::Instant> next;
  if (const PlannedAction* const action = next_action()) next = action->at;
  if (!redials_.empty() && (!next || redials_.top().at < *next)) next = redials_.top().at;
  if (next) world_.wake_at(*next);
}

void Fleet::note_idle() {
  const bool all_done = stopped_ || next_action_ == plan_.actions.size();
  idle_.store(all_done && due_ == 0, std::memory_order_release);
}

void Fleet::act(const PlannedAction& action) {
  log_.schedule_lag.add(world_.now() - action.at);
  if (action.kind == ActionKind::kMove) return move(action.client, action.index);
  if (action.kind == ActionKind::kUpdate) {
    updates_sent_.store(updates_sent_.load(std::memory_order_relaxed) + 1,
                        std::memory_order_relaxed);
  }
  submit(action.client, {action.kind, action.index});
}

void Fleet::submit(std::uint32_t client, Due due) {
  Client& who = clients_[client];
  if (who.connection) return send(*who.connection, due);
  who.waiting.push_back(due);
  ++due_;
}

void Fleet::send(ClientConnection id, Due due) {
  const std::string_view line = line_of(due);
  Connection& connection = at(id);
  const bool is_first = !std::exchange(connection.has_spoken, true);
  // A foreign server may have other rules.
  due.ends = rules_ == ReplyRules::kStrict && ends_connection(line, is_first);
  due.moot = connection.ends;
  connection.ends = connection.ends || due.ends;
  connection.due.push_back(due);
  ++due_;
  world_.send(id, line);
}

std::string_view Fleet::line_of(Due due) {
  if (due.kind == ActionKind::kLine) return plan_.lines[due.index];
  if (due.kind == ActionKind::kQuery) return plan_.lines[plan_.queries[due.index].line];
  const PlannedUpdate& update = plan_.updates[due.index];
  if (update.line >= 0) return plan_.lines[static_cast<std::size_t>(update.line)];
  scratch_.assign("IAMAT ").append(plan_.subjects[update.subject]);
  scratch_.append(" ").append(location_text(plan_, update)).append(" ");
  herd::append_time(scratch_, client_time(update, base_));
  return scratch_;
}

void Fleet::move(std::uint32_t client, std::uint32_t server) {
  Client& who = clients_[client];
  if (who.connection && who.server == server) return;  // its failover has taken it there already
  if (who.connection) {
    at(*who.connection).finished = true;
    world_.finish(*who.connection);
    who.connection.reset();
  }
  HandoverLog handover;
  handover.client = client;
  handover.from = who.server;
  handover.to = server;
  handover.left = world_.now();
  who.handover = log_.handovers.size();
  log_.handovers.push_back(handover);
  who.server = server;
  who.failover.reset();
  who.failed_dials = 0;
  open(client);
}

void Fleet::redial(std::uint32_t client) {
  Client& who = clients_[client];
  // A server that it moved to and could not reach counts as lost, like one that it was connected
  // to.
  if (!who.failover) {
    who.failover.emplace(plan_, client, who.server, world_.now(), who.losses++);
  }
  who.server = who.failover->next();
  open(client);
}

void Fleet::connected(ClientConnection connection) {
  at(connection).connected = true;
  const std::uint32_t client = at(connection).client;
  if (clients_[client].connection == connection) note_arrival(client);
  if (begun_ || !ready_) return;
  --connecting_;
  connect_more();
}

void Fleet::note_arrival(std::uint32_t client) {
  Client& who = clients_[client];
  who.failover.reset();
  who.failed_dials = 0;
  const std::uint32_t from = std::exchange(who.home, who.server);
  const bool arrived_before = who.handover && log_.handovers[*who.handover].connected;
  if (!who.handover || arrived_before) {
    if (from == who.server) return;
    if (arrived_before) who.last_answer.reset();  // it came from the server before
    HandoverLog handover;
    handover.client = client;
    handover.from = from;
    handover.left = who.lost_at;
    who.handover = log_.handovers.size();
    log_.handovers.push_back(handover);
  }
  HandoverLog& handover = log_.handovers[*who.handover];
  handover.to = who.server;
  handover.connected = world_.now();
}

void Fleet::disconnected(ClientConnection id, bool orderly, std::string_view why) {
  Connection& connection = at(id);
  Client& who = clients_[connection.client];
  const bool lenient = rules_ == ReplyRules::kLenient;
  // A server that others wrote may close a connection that it has no more use for.
  if (!begun_ && ready_ && !(lenient && connection.connected)) {
    return std::exchange(ready_, nullptr)(
        "client " + plan_.clients[connection.client].id + " cannot connect to server " +
        server_names_[connection.server] + ": " + std::string(why));
  }
  due_ -= connection.due.size();
  const bool ours = who.connection == id;
  // A foreign world has reported an outcome for every command that was sent.
  const bool went_out = connection.connected && !lenient;
  if (orderly && !lenient) {
    const std::string words = never_answered(connection);
    if (!words.empty()) note_violation(connection, words);
  }
  if (went_out || !ours) {
    count(connection, &ReplyCounts::closings, connection.due.size());
    connection.due.clear();
  }
  if (ours) {
    who.connection.reset();
    // Before time zero, the script's clock does not run; the redial happens at time zero.
    const herd::Instant now = begun_ ? world_.now() : herd::Instant();
    ++log_.connections_lost[connection.client];
    if (connection.connected) {
      who.lost_at = now;
      who.failover.emplace(plan_, connection.client, connection.server, now, who.losses++);
    }
    // Lines that were never sent are sent on the next connection.
    who.waiting = std::exchange(connection.due, {});
    due_ += who.waiting.size();
    const Duration wait = kFirstRedial * (1 << std::min(who.failed_dials++, kMostDoublings));
    redials_.push({begun_ ? now + wait : now, connection.client});
    if (begun_ && !stopped_) arm();
  }
  connection.due.clear();
  note_idle();
}

}  // namespace sim
