#include "core/server.h"

#include <algorithm>
#include <utility>

#include "core/format.h"
#include "core/limits.h"

namespace herd {
namespace {

constexpr std::string_view kLinkEnding = "\n";

// Compares in a time that does not tell how much was right.
bool same_proof(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

Server::Server(ServerId id, ServerConfig config, Effects& effects, Observer& observer)
    : id_(id),
      config_(std::move(config)),
      effects_(effects),
      observer_(observer),
      random_(config_.seed, "server/" + config_.herd + "/" + config_.name + "/backoff"),
      neighbors_(config_.neighbors.size()) {}

void Server::start(Moment) {
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    if (config_.neighbors[i].dials) dial(NeighborId{i});
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
    case Role::kGreeting:
      return acknowledgement(from, line, now);
    case Role::kClosed:
      return;
  }
}

void Server::client_line(ConnectionId from, const Line& line, Moment now) {
  if (session(from).ending) return;
  const ClientCommand command = parse_client_line(line.text);
  // By index: this runs for every line, and IAMAT is nearly all of them.
  if (const auto* report = std::get_if<Iamat>(&command)) {
    handle(from, line, *report, now);
  } else if (const auto* query = std::get_if<Whatsat>(&command)) {
    handle(from, line, *query, now);
  } else if (const auto* greeting = std::get_if<Greeting>(&command)) {
    handle(from, line, *greeting, now);
  } else {
    refuse(from, line, std::get<ParseError>(command));
  }
  session(from).has_spoken = true;
}

void Server::handle(ConnectionId from, const Line& line, const Iamat& report, Moment now) {
  const RecordView view = format_report(scratch_, config_.name, now.wall_ns, report);
  const Verdict verdict = records_.offer_own(view);
  observer_.update_heard(id_, view, verdict, now);
  answer(from, view.line, line.ending);
  if (verdict == Verdict::kTaken) relay(view, std::nullopt, now);
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
  session(from).waiting.push_back(std::move(waiting));
  effects_.ask_places(id, {record.location, query.radius, query.radius_km, query.bound});
}

void Server::handle(ConnectionId from, const Line& line, const Greeting& greeting, Moment now) {
  const std::size_t column = line.text.find("LINK");
  const ParseError not_ours{ParseCode::kBadProof, column, line.text.substr(column, 4)};
  if (session(from).has_spoken) return refuse(from, line, not_ours);
  const auto id = find_neighbor(greeting.from);
  const bool proven = id && greeting.herd == config_.herd && greeting.to == config_.name &&
                      !config_.neighbors[id->value].dials &&
                      same_proof(greeting.proof, config_.neighbors[id->value].their_proof);
  if (!proven) {
    refuse(from, line, not_ours);
    return end_when_answered(from, CloseReason::kBadProof);
  }
  Neighbor& neighbor = neighbors_[id->value];
  if (neighbor.state == Neighbor::State::kUp) {
    const ConnectionId old = neighbor.connection;
    take_down(*id, now);
    session(old).role = Role::kClosed;
    end_when_answered(old, CloseReason::kReplaced);
  }
  session(from).role = Role::kLink;
  session(from).neighbor = *id;
  effects_.send(from,
                format_greeting("LINKED", {config_.herd, config_.name, greeting.from,
                                           config_.neighbors[id->value].own_proof}),
                kLinkEnding);
  bring_up(*id, from, now);
}

void Server::refuse(ConnectionId from, const Line& line, const ParseError& error) {
  observer_.line_refused(id_, line.text, error, false);
  scratch_.assign("? ").append(line.text);
  answer(from, scratch_, line.ending);
}

void Server::link_line(ConnectionId from, const Line& line, Moment now) {
  const LinkCommand command = parse_link_line(line.text);
  const auto* report = std::get_if<RecordView>(&command);
  if (report == nullptr) {
    // Never answered: two servers would trade `? ` for ever.
    observer_.line_refused(id_, line.text, std::get<ParseError>(command), true);
    return;
  }
  const NeighborId neighbor = session(from).neighbor;
  const Verdict verdict = records_.offer(*report);
  observer_.update_received(id_, neighbor, *report, verdict, now);
  if (verdict == Verdict::kTaken) relay(*report, neighbor, now);
}

void Server::acknowledgement(ConnectionId from, const Line& line, Moment now) {
  const NeighborId id = session(from).neighbor;
  const NeighborConfig& config = config_.neighbors[id.value];
  const Acknowledgement parsed = parse_acknowledgement(line.text);
  const auto* greeting = std::get_if<Greeting>(&parsed);
  if (greeting != nullptr && greeting->herd == config_.herd && greeting->from == config.name &&
      greeting->to == config_.name && same_proof(greeting->proof, config.their_proof)) {
    session(from).role = Role::kLink;
    neighbors_[id.value].failures = 0;
    return bring_up(id, from, now);
  }
  ParseError error{ParseCode::kBadProof, 0, line.text};
  if (const auto* bad = std::get_if<ParseError>(&parsed)) error = *bad;
  observer_.line_refused(id_, line.text, error, true);
  session(from).role = Role::kClosed;
  back_off(id, now);
  effects_.close(from, CloseReason::kNotLinked);
}

void Server::overlong_line(ConnectionId from, std::string_view first_bytes, Moment now) {
  Session& who = session(from);
  const ParseError error{ParseCode::kTooLong, max_line(from), first_bytes};
  if (who.role == Role::kClient) {
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
  if (who.role != Role::kClient) {
    back_off(who.neighbor, now);
    who.role = Role::kClosed;
  }
  end_when_answered(from, CloseReason::kPeerDone);
}

void Server::connection_closed(ConnectionId connection, Moment now) {
  Session& who = session(connection);
  const Role role = who.role;
  const NeighborId neighbor = who.neighbor;
  for (const WaitingAnswer& waiting : who.waiting) queries_.erase(waiting.query.value);
  who = Session{};
  if (role == Role::kLink) take_down(neighbor, now);
  if (role == Role::kLink || role == Role::kGreeting) back_off(neighbor, now);
}

void Server::dialled(NeighborId neighbor, ConnectionId id, Moment now) {
  open_session(id, Role::kGreeting).neighbor = neighbor;
  neighbors_[neighbor.value].dial_again = false;
  neighbors_[neighbor.value].state = Neighbor::State::kGreeting;
  neighbors_[neighbor.value].connection = id;
  const NeighborConfig& config = config_.neighbors[neighbor.value];
  effects_.send(
      id, format_greeting("LINK", {config_.herd, config_.name, config.name, config.own_proof}),
      kLinkEnding);
  set_timer(neighbor, now.run + kGreetingTimeout);
}

void Server::dial_failed(NeighborId neighbor, Moment now) {
  if (std::exchange(neighbors_[neighbor.value].dial_again, false)) return dial(neighbor);
  back_off(neighbor, now);
}

void Server::redial(NeighborId neighbor, Moment) {
  if (!config_.neighbors[neighbor.value].dials) return;
  Neighbor& which = neighbors_[neighbor.value];
  if (which.state == Neighbor::State::kDialling) {
    which.failures = 0;
    which.dial_again = true;
  } else if (which.state == Neighbor::State::kDown) {
    which.failures = 0;
    dial(neighbor);
  }
}

void Server::places_answered(QueryId query, std::string_view json) {
  const auto found = queries_.find(query.value);
  if (found == queries_.end()) return;  // who asked has left
  const ConnectionId to = found->second;
  queries_.erase(found);
  auto& waiting = session(to).waiting;
  const auto who = std::find_if(waiting.begin(), waiting.end(),
                                [&](const WaitingAnswer& w) { return w.query == query; });
  who->answer.append(json).append(who->ending).append(who->ending);
  who->answered = true;
  flush_answered(to);
}

void Server::time_reached(Moment now) {
  while (!timers_.empty() && timers_.top().at <= now.run) {
    const Timer timer = timers_.top();
    timers_.pop();
    Neighbor& neighbor = neighbors_[timer.neighbor.value];
    if (neighbor.timer != timer.at) continue;
    neighbor.timer.reset();
    if (neighbor.state == Neighbor::State::kDown) {
      dial(timer.neighbor);
    } else if (neighbor.state == Neighbor::State::kGreeting) {
      const ConnectionId silent = neighbor.connection;
      session(silent).role = Role::kClosed;
      back_off(timer.neighbor, now);
      end_when_answered(silent, CloseReason::kNotLinked);
    }
  }
  drop_stale_timers();
}

std::optional<Instant> Server::deadline() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.top().at;
}

std::size_t Server::max_line(ConnectionId connection) const {
  const Role role = session(connection).role;
  return role == Role::kLink || role == Role::kGreeting ? kMaxLinkLine : kMaxClientLine;
}

std::size_t Server::waiting_answers(ConnectionId connection) const {
  return session(connection).waiting.size();
}

bool Server::link_is_up(NeighborId neighbor) const {
  return neighbors_[neighbor.value].state == Neighbor::State::kUp;
}

void Server::answer(ConnectionId to, std::string_view text, std::string_view ending) {
  auto& waiting = session(to).waiting;
  if (waiting.empty()) return effects_.send(to, text, ending);
  waiting.back().behind.append(text).append(ending);
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
  while (!who.waiting.empty() && who.waiting.front().answered) {
    effects_.send(id, who.waiting.front().answer, who.waiting.front().behind);
    who.waiting.pop_front();
  }
  if (who.ending && who.waiting.empty()) effects_.close(id, who.end_reason);
}

bool Server::recovery_is_over(NeighborId) const { return true; }

void Server::relay(const RecordView& report, std::optional<NeighborId> from, Moment now) {
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    const NeighborId to{i};
    if (neighbors_[i].state != Neighbor::State::kUp) continue;
    if (!relays_to(config_.scheme, from, to)) continue;
    observer_.update_sent(id_, to, report, now);
    effects_.send_update(neighbors_[i].connection, report);
  }
}

std::optional<NeighborId> Server::find_neighbor(std::string_view name) const {
  for (std::uint32_t i = 0; i < config_.neighbors.size(); ++i) {
    if (config_.neighbors[i].name == name) return NeighborId{i};
  }
  return std::nullopt;
}

void Server::bring_up(NeighborId id, ConnectionId connection, Moment now) {
  Neighbor& neighbor = neighbors_[id.value];
  neighbor.state = Neighbor::State::kUp;
  neighbor.connection = connection;
  neighbor.timer.reset();
  drop_stale_timers();
  ++links_up_;
  effects_.became_link(connection, id);
  observer_.link_up(id_, id, now);
}

void Server::take_down(NeighborId id, Moment now) {
  neighbors_[id.value].state = Neighbor::State::kDown;
  --links_up_;
  observer_.link_down(id_, id, now);
}

void Server::dial(NeighborId id) {
  neighbors_[id.value].state = Neighbor::State::kDialling;
  neighbors_[id.value].timer.reset();
  drop_stale_timers();
  effects_.dial(id);
}

void Server::set_timer(NeighborId id, Instant at) {
  neighbors_[id.value].timer = at;
  timers_.push({at, id});
  drop_stale_timers();
}

void Server::back_off(NeighborId id, Moment now) {
  Neighbor& neighbor = neighbors_[id.value];
  neighbor.state = Neighbor::State::kDown;
  if (!config_.neighbors[id.value].dials) return;
  const int doublings = std::min(neighbor.failures++, 7);
  const Duration whole = std::min(kFirstBackoff * (1 << doublings), kLastBackoff);
  // From half of it to all of it, so that neighbours do not dial in step.
  const auto jitter = random_.below(static_cast<std::uint64_t>(whole.count() / 2) + 1);
  set_timer(id, now.run + whole / 2 + Duration(static_cast<std::int64_t>(jitter)));
}

void Server::drop_stale_timers() {
  while (!timers_.empty() && neighbors_[timers_.top().neighbor.value].timer != timers_.top().at) {
    timers_.pop();
  }
}

}  // namespace herd
