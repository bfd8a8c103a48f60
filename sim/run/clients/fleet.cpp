#include "sim/run/clients/fleet.h"

#include <algorithm>
#include <utility>

#include "core/format.h"
#include "core/parse.h"
#include "sim/base/text/quoted.h"
#include "sim/worlds/places/places_summary.h"

namespace sim {
namespace {

// The number of clients that dial at once before the run; fits into any listener's backlog.
constexpr std::uint32_t kConnectingAtOnce = 128;
constexpr Duration kFirstRedial = std::chrono::milliseconds(100);
constexpr std::uint32_t kMostDoublings = 4;
constexpr std::size_t kSentencesKept = 100;
constexpr std::size_t kOddRepliesKept = 3;

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

void Fleet::line_received(ClientConnection id, std::string_view line) {
  Connection& connection = at(id);
  if (connection.due.empty())
    return violation(connection, "an answer that no command asked for", line);
  const Due due = connection.due.front();
  const herd::Instant now = world_.now();
  const bool is_last = due.ends && due.kind != ActionKind::kQuery;  // query_line() knows refusals
  if (is_last || due.moot) {
    check_last_answer(connection, line);
    count(connection, line.starts_with('?') ? &ReplyCounts::refusals : &ReplyCounts::replies);
    return answered(connection, id, now);
  }
  switch (due.kind) {
    case ActionKind::kQuery:
      return query_line(connection, id, line);
    case ActionKind::kUpdate:
      log_.answered[due.index] = now;
      if (check_report(connection, plan_.updates[due.index], line)) {
        note_report(due.index, connection.server, now);
      }
      break;
    case ActionKind::kLine:
      check_echo(connection, plan_.lines[due.index], line);
      break;
    case ActionKind::kMove:
      break;  // moves are not answered
  }
  count(connection, line.starts_with('?') ? &ReplyCounts::refusals : &ReplyCounts::replies);
  answered(connection, id, now);
}

void Fleet::note_report(std::uint32_t update, std::uint32_t server, herd::Instant when) {
  if (on_reply_) on_reply_(update, server, when);
}

void Fleet::query_line(Connection& connection, ClientConnection id, std::string_view line) {
  const std::uint32_t number = connection.due.front().index;
  const std::string& sent = plan_.lines[plan_.queries[number].line];
  QueryLog& log = log_.queries[number];
  log.server = connection.server;
  if (connection.in_places) {
    if (!line.empty()) {
      connection.places.append(line).append("\n");
      return;
    }
    connection.in_places = false;
    const PlacesSummary summary = summarize_places(connection.places);
    if (!summary.well_formed) {
      violation(connection, "the answer to a WHATSAT is not Places JSON", connection.places);
    }
    connection.places.clear();
    log.status = summary.status;
    log.places = summary.places;
    count(connection, &ReplyCounts::replies);
  } else if (line.starts_with("? ")) {
    check_echo(connection, sent, line);
    log.status.assign(1, '?');
    count(connection, &ReplyCounts::refusals);
  } else {
    const herd::ClientCommand asked = herd::parse_client_line(sent);
    const herd::LinkCommand parsed = herd::parse_link_line(line);
    const auto* report = std::get_if<herd::RecordView>(&parsed);
    if (report == nullptr || report->client != std::get<herd::Whatsat>(asked).client) {
      violation(connection, "the answer to a WHATSAT has no AT for its client", line);
    }
    connection.in_places = true;
    return;
  }
  const herd::Instant now = world_.now();
  log.answered = now;
  answered(connection, id, now);
}

void Fleet::check_last_answer(Connection& connection, std::string_view line) {
  const Due due = connection.due.front();
  const std::string sent(line_of(due));
  const bool is_link = due.ends && !ends_connection(sent, false);
  if (is_link && line.starts_with("NONCE ")) {
    connection.in_handshake = true;
  } else if (due.moot && !std::exchange(connection.in_handshake, false)) {
    violation(connection, "an answer after that to the line that ends the connection", line);
  } else {
    check_echo(connection, sent, line);
  }
}

void Fleet::check_echo(const Connection& connection, std::string_view sent, std::string_view line) {
  if (!line.starts_with("? ") || line.substr(2) != expected_echo(sent)) {
    violation(connection, "a bad command was not echoed in its answer", line);
  }
}

void Fleet::answered(Connection& connection, ClientConnection id, herd::Instant when) {
  const Due due = connection.due.front();
  log_.answers[connection.client].add(std::uint64_t{due.index} << 8 |
                                      static_cast<std::uint64_t>(due.kind));
  Client& who = clients_[connection.client];
  if (who.connection == id && who.handover) {
    log_.handovers[*who.handover].last_answer = who.last_answer;
    log_.handovers[*who.handover].first_answer = when;
    who.handover.reset();
  }
  who.last_answer = when;
  settled(connection);
}

void Fleet::settled(Connection& connection) {
  connection.due.pop_front();
  if (--due_ == 0) note_idle();
}

void Fleet::reply_received(ClientConnection id, const ForeignReply& reply) {
  Connection& connection = at(id);
  const Due due = connection.due.front();
  const ReplyVerdict verdict = judge(connection, reply);
  if (verdict.kind == ReplyKind::kNone) {
    note_unfinished(reply.text);
    count(connection, &ReplyCounts::closings);
    return settled(connection);
  }
  const bool refused = verdict.kind == ReplyKind::kRefusal;
  count(connection, refused ? &ReplyCounts::refusals : &ReplyCounts::replies);
  if (verdict.odd) {
    count(connection, &ReplyCounts::odd_replies);
    note_odd_reply(connection, verdict.kind, reply.text);
  }
  if (verdict.kind == ReplyKind::kWrong) {
    violation(connection, std::string(verdict.complaint), reply.text);
  } else {
    note_reply(due, connection.server, verdict, reply.came);
  }
  answered(connection, id, reply.came);
}

void Fleet::note_odd_reply(const Connection& connection, ReplyKind kind, std::string_view reply) {
  if (log_.odd_replies.size() >= kOddRepliesKept) return;
  const Due due = connection.due.front();
  const std::string line(line_of(due));
  const herd::ClientCommand command = herd::parse_client_line(line);
  const auto* const report = std::get_if<herd::Iamat>(&command);
  const auto* const query = std::get_if<herd::Whatsat>(&command);
  std::string expected = expected_refusal(line);
  if (kind == ReplyKind::kReply && report != nullptr) {
    expected = expected_report_reply({server_names_[connection.server], line, report->client,
                                      report->location, report->time, report->time_ns});
  } else if (kind == ReplyKind::kReply && query != nullptr) {
    expected = expected_query_reply(query->client);
  }
  log_.odd_replies.push_back(words_of(connection) + "the line " + shown_line(line) +
                             " was answered with " + shown_line(reply) + "; the protocol has " +
                             shown_line(expected));
}

void Fleet::note_reply(Due due, std::uint32_t server, const ReplyVerdict& verdict,
                       herd::Instant when) {
  if (due.kind == ActionKind::kQuery) {
    log_.queries[due.index] = {when, server, verdict.status, verdict.places};
  } else if (due.kind == ActionKind::kUpdate && verdict.kind == ReplyKind::kReply) {
    log_.answered[due.index] = when;
    note_report(due.index, server, when);
  }
}

ReplyVerdict Fleet::judge(const Connection& connection, const ForeignReply& reply) {
  const Due due = connection.due.front();
  const std::string line(line_of(due));
  if (refusal_ && refusal_->end_of_match(reply.text)) return judge_refusal(reply.text, line);
  if (due.kind == ActionKind::kUpdate) {
    const herd::ClientCommand command = herd::parse_client_line(line);
    const auto& report = std::get<herd::Iamat>(command);
    return judge_report_reply(reply.text, reply.cut,
                              {server_names_[connection.server], line, report.client,
                               report.location, report.time, report.time_ns});
  }
  if (due.kind == ActionKind::kQuery) {
    const herd::ClientCommand command = herd::parse_client_line(line);
    return judge_query_reply(reply.text, reply.cut, std::get<herd::Whatsat>(command).client, line);
  }
  return judge_line_reply(reply.text, reply.cut, line);
}

void Fleet::reply_missing(ClientConnection id, NoReply why, std::string_view so_far) {
  Connection& connection = at(id);
  if (!stopped_) note_unfinished(so_far);
  count(connection, why == NoReply::kClosed ? &ReplyCounts::closings : &ReplyCounts::silences);
  settled(connection);
}

void Fleet::count(const Connection& connection, std::uint64_t ReplyCounts::*outcome,
                  std::uint64_t times) {
  // stop() has counted what was due then as silence.
  if (!stopped_) log_.reply_counts[connection.client].*outcome += times;
}

bool Fleet::check_report(const Connection& connection, const PlannedUpdate& update,
                         std::string_view line) {
  const herd::LinkCommand parsed = herd::parse_link_line(line);
  const auto* report = std::get_if<herd::RecordView>(&parsed);
  if (report == nullptr) {
    violation(connection, "the answer to an IAMAT is not an AT", line);
    return false;
  }
  bool right = report->server == server_names_[connection.server] &&
               report->client == plan_.subjects[update.subject] &&
               report->location == location_text(plan_, update) &&
               report->time_ns == client_time(update, base_);
  if (right) {
    if (update.line >= 0) {
      const auto own = herd::parse_client_line(plan_.lines[static_cast<std::size_t>(update.line)]);
      right = report->time == std::get<herd::Iamat>(own).time;
    } else {
      scratch_.clear();
      herd::append_time(scratch_, client_time(update, base_));
      right = report->time == scratch_;
    }
  }
  if (!right) violation(connection, "the answer to an IAMAT has other fields than the IAMAT", line);
  return right;
}

void Fleet::violation(const Connection& connection, const std::string& what,
                      std::string_view line) {
  if (log_.violations.size() >= kSentencesKept) {
    ++log_.violation_count;
    return;
  }
  const std::string answer(line);  // line_of() may change what it is a view of
  std::string words = what + ": " + shown_line(answer);
  if (!connection.due.empty()) {
    words += ", to the client's line " + shown_line(line_of(connection.due.front()));
  }
  note_violation(connection, words);
}

void Fleet::note_violation(const Connection& connection, const std::string& what) {
  ++log_.violation_count;
  if (log_.violations.size() >= kSentencesKept) return;
  log_.violations.push_back(words_of(connection) + what);
}

std::string Fleet::words_of(const Connection& connection) const {
  return "client " + shown_id(plan_.clients[connection.client].id) + " at " +
         server_names_[connection.server] + ": ";
}

std::string Fleet::never_answered(const Connection& connection) {
  std::optional<Due> first;
  std::uint64_t owed = 0;
  for (std::uint32_t i = 0; i < connection.due.size(); ++i) {
    if (connection.due[i].moot) continue;
    if (owed++ == 0) first = connection.due[i];
  }
  if (!first) return "";
  const std::uint64_t others = owed - 1;
  std::string words =
      "never answered on a connection that was not cut: " + shown_line(line_of(*first));
  if (others > 0) {
    words += " and " + std::to_string(others) + (others == 1 ? " line" : " lines") + " after it";
  }
  return words;
}

void Fleet::note_unanswered(const Connection& connection) {
  const std::string words = never_answered(connection);
  if (words.empty()) return;
  const bool is_kept = log_.unanswered.size() < kSentencesKept;
  log_.unanswered.push_back(
      {connection.server, is_kept ? words_of(connection) + words : std::string()});
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
