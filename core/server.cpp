// A server's inputs, and its answers to clients.
#include "core/server.h"

#include <algorithm>
#include <utility>

#include "core/format.h"
#include "core/limits.h"
#include "core/line_memo.h"
#include "core/mutation.h"
#include "core/server_posting.h"
#include "core/server_routing.h"

namespace herd {

Server::Server(ServerId id, ServerConfig config, Effects& effects, Observer& observer)
    : id_(id),
      relay_(config.herd->scheme.info().relay),
      keeps_alive_(config.herd->keep_alive.has_value()),
      has_outbox_(config.outbox.has_value()),
      links_at_once_(
          std::clamp<std::uint8_t>(effects.links_at_once(), 1, Effects::kMostLinksAtOnce)),
      effects_(effects),
      observer_(observer),
      records_(config.herd->order, config.herd->hash_key, config.herd->record_limits, config.seat),
      neighbors_(config.neighbors.size()),
      upkeep_(config.neighbors.size()),
      watches_(keeps_alive_ ? config.neighbors.size() : 0),
      config_(std::make_unique<const ServerConfig>(std::move(config))),
      random_(config_->herd->seed,
              "server/" + config_->herd->name + "/" + config_->name + "/backoff") {
  lines_ = config_->herd->lines;
  if (routes()) routing_ = std::make_unique<Routing>(*this);
  if (has_outbox_) posting_ = std::make_unique<Posting>(*this);
  if (config_->herd->recovery == Recovery::kNone) return;
  std::vector<Reconciler::Neighbor> neighbors;
  for (const NeighborConfig& each : config_->neighbors) {
    neighbors.push_back({each.dials, each.handshake_timeout});
  }
  Reconciler::Output& output = *this;
  reconciler_ = std::make_unique<Reconciler>(records_, std::move(neighbors),
                                             config_->herd->compare_every, output);
}

Server::~Server() { records_.leave(); }

void Server::start(Moment now) {
  if (routes()) routing_->scheme().start(now);
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    if (config_->neighbors[i].dials) dial(NeighborId{i}, now);
  }
}

Server::Session& Server::open_session(ConnectionId id, Role role) {
  if (id.value >= sessions_.size()) sessions_.resize(id.value + 1);
  Session& who = session(id);
  who = Session{};
  who.role = role;
  return who;
}

void Server::connection_opened(ConnectionId id) { open_session(id, Role::kClient); }

void Server::line_received(ConnectionId from, const Line& line, Moment now) {
  switch (session(from).role) {
    case Role::kClient:
      return client_line(from, line, now);
    case Role::kLink:
      return link_line(from, line, now);
    case Role::kHandshake:
      return handshake_line(from, line, now);
    case Role::kAsked:
      return mac_line(from, line, now);
    case Role::kClosed:
      return;
  }
}

void Server::client_line(ConnectionId from, const Line& line, Moment now) {
  if (session(from).ending) return;
  const ClientCommand command = parse_client_line(line.text);
  // This runs for every line, and nearly all lines are IAMAT: test for it first.
  if (const auto* report = std::get_if<Iamat>(&command)) {
    handle(from, line, *report, now);
  } else if (const auto* query = std::get_if<Whatsat>(&command)) {
    handle(from, line, *query, now);
  } else if (const auto* handshake = std::get_if<Handshake>(&command)) {
    handle(from, line, *handshake, now);
  } else {
    refuse(from, line, std::get<ParseError>(command));
  }
  session(from).has_spoken = true;
}

void Server::handle(ConnectionId from, const Line& line, const Iamat& report, Moment now) {
  const RecordView view = format_report(scratch_, config_->name, now.wall_ns, report);
  const bool is_too_far =
      config_->herd->max_ahead && is_ahead(report.time_ns, now.wall_ns, *config_->herd->max_ahead);
  const Verdict verdict =
      is_too_far ? Verdict::kTooFarAhead : records_.offer_own(view, session(from).place);
  if (verdict == Verdict::kRefused) [[unlikely]] {
    const auto column = static_cast<std::size_t>(report.client.data() - line.text.data());
    return refuse(from, line, {ParseCode::kFull, column, report.client});
  }
  observer_.update_heard(id_, view, verdict, now);
  answer(from, view.line, line.ending);
  if (is_broken(Mutation::kAnswerTwice)) answer(from, view.line, line.ending);
  if (verdict != Verdict::kAccepted) return;
  if (lines_ != nullptr && lines_->is_used()) lines_->add(records_.last_taken());
  taken(records_.last_taken().view(), std::nullopt, now);
}

void Server::handle(ConnectionId from, const Line& line, const Whatsat& query, Moment) {
  const Record* known = records_.find(query.client);
  if (known == nullptr) {
    const auto column = static_cast<std::size_t>(query.client.data() - line.text.data());
    return refuse(from, line, {ParseCode::kUnknownClient, column, query.client});
  }
  observer_.query_heard(id_, query);
  const RecordView record = known->view();
  const QueryId id{next_query_++};
  queries_.emplace(id.value, from);
  WaitingAnswer waiting;
  waiting.query = id;
  waiting.answer.append(record.line).append(line.ending);
  waiting.ending = line.ending;
  Session& who = session(from);
  if (who.waiting == nullptr) who.waiting = std::make_unique<WaitingAnswers>();
  who.waiting->bytes += waiting.answer.size();
  who.waiting->list.push_back(std::move(waiting));
  effects_.ask_places(id, {record.location, query.radius, query.radius_km, query.bound});
}

void Server::refuse(ConnectionId from, const Line& line, const ParseError& error) {
  observer_.line_refused(id_, line.text, error, false);
  if (is_broken(Mutation::kRefusalSwallowed)) return;
  scratch_.assign("? ").append(line.text);
  answer(from, scratch_, line.ending);
}

void Server::overlong_line(ConnectionId from, std::string_view first_bytes, Moment now) {
  Session& who = session(from);
  const ParseError error{ParseCode::kTooLong, max_line(from), first_bytes};
  if (who.role == Role::kClient || who.role == Role::kAsked) {
    if (who.ending) return;
    refuse(from, {first_bytes, "\n"}, error);
    return end_when_answered(from, CloseReason::kOverlong);
  }
  if (who.role == Role::kClosed) return;
  observer_.line_refused(id_, first_bytes, error, true);
  const NeighborId neighbor = who.neighbor;
  if (who.role == Role::kLink) take_down(neighbor, now);
  back_off(neighbor, now);
  who.role = Role::kClosed;
  effects_.close(from, CloseReason::kOverlong);
}

void Server::input_ended(ConnectionId from, Moment now) {
  Session& who = session(from);
  if (who.role == Role::kClosed) return;
  if (who.role == Role::kLink) take_down(who.neighbor, now);
  if (who.role == Role::kLink || who.role == Role::kHandshake) {
    back_off(who.neighbor, now);
    who.role = Role::kClosed;
  }
  end_when_answered(from, CloseReason::kPeerDone);
}

void Server::connection_closed(ConnectionId connection, Moment now) {
  Session& who = session(connection);
  const Role role = who.role;
  const NeighborId neighbor = who.neighbor;
  if (who.is_waiting()) {
    for (const WaitingAnswer& each : who.waiting->list) queries_.erase(each.query.value);
  }
  who = Session{};
  if (role == Role::kLink) take_down(neighbor, now);
  if (role == Role::kLink || role == Role::kHandshake) back_off(neighbor, now);
}

void Server::places_answered(QueryId query, SharedText json) {
  const auto found = queries_.find(query.value);
  if (found == queries_.end()) return;  // the client has left
  const ConnectionId to = found->second;
  queries_.erase(found);
  WaitingAnswers& all = *session(to).waiting;
  const auto waiting = std::find_if(all.list.begin(), all.list.end(),
                                    [&](const WaitingAnswer& w) { return w.query == query; });
  const bool is_next = waiting == all.list.begin();
  waiting->json = all.places.hold(std::move(json), is_next);
  waiting->answered = true;
  if (is_next) flush_answered(to);
}

void Server::output_drained(ConnectionId client) {
  if (session(client).is_waiting()) flush_answered(client);
}

std::size_t Server::max_line(ConnectionId connection) const {
  const Role role = session(connection).role;
  return role == Role::kLink || role == Role::kHandshake ? kMaxLinkLine : kMaxClientLine;
}

std::size_t Server::waiting_answers(ConnectionId connection) const {
  if (connection.value >= sessions_.size()) return 0;
  const Session& who = session(connection);
  return who.waiting == nullptr ? 0 : who.waiting->list.size();
}

void Server::answer(ConnectionId to, std::string_view text, std::string_view ending) {
  const Session& who = session(to);
  if (!who.is_waiting()) return effects_.send(to, text, ending);
  who.waiting->list.back().behind.append(text).append(ending);
  who.waiting->bytes += text.size() + ending.size();
}

void Server::end_when_answered(ConnectionId id, CloseReason reason) {
  Session& who = session(id);
  if (who.ending) return;
  who.ending = true;
  who.end_reason = reason;
  flush_answered(id);
}

void Server::flush_answered(ConnectionId id) {
  Session& who = session(id);
  while (who.is_waiting() && who.waiting->list.front().answered && effects_.has_room(id)) {
    WaitingAnswers& all = *who.waiting;
    WaitingAnswer& next = all.list.front();
    all.bytes -= next.answer.size() + next.behind.size();
    next.answer.append(next.json.head()).append(next.json.tail());
    all.places.release(next.json);
    next.answer.append(next.ending).append(next.ending);
    effects_.send(id, next.answer, next.behind);
    all.list.pop_front();
  }
  if (who.ending && !who.is_waiting()) effects_.close(id, who.end_reason);
}

}  // namespace herd
