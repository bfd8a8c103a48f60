// How a server opens its links, keeps them up and dials them again, and the lines on them.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "core/batch_lines.h"
#include "core/format.h"
#include "core/limits.h"
#include "core/line_memo.h"
#include "core/mutation.h"
#include "core/server.h"
#include "core/server_posting.h"
#include "core/server_routing.h"
#include "core/sync_lines.h"

namespace herd {
namespace {

// Compares two MACs in a time that does not depend on the number of equal bytes.
bool same_mac(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  }
  return difference == 0;
}

}  // namespace

std::string Server::own_mac(std::string_view word, const Session& who) const {
  const std::string& peer = config_->neighbors[who.neighbor.value].name;
  return config_->herd->authenticator->mac(
      {word, config_->herd->name, config_->name, peer, who.nonces->own, who.nonces->theirs});
}

std::string Server::their_mac(std::string_view word, const Session& who) const {
  const std::string& peer = config_->neighbors[who.neighbor.value].name;
  return config_->herd->authenticator->mac(
      {word, config_->herd->name, peer, config_->name, who.nonces->theirs, who.nonces->own});
}

void Server::handle(ConnectionId from, const Line& line, const Handshake& handshake, Moment) {
  const std::size_t column = line.text.find("LINK");
  const ParseError not_ours{ParseCode::kBadHandshake, column, line.text.substr(column, 4)};
  Session& who = session(from);
  if (who.has_spoken) return refuse(from, line, not_ours);
  const auto id = find_neighbor(handshake.from);
  if (!id || handshake.herd != config_->herd->name || handshake.to != config_->name ||
      config_->neighbors[id->value].dials) {
    refuse(from, line, not_ours);
    return end_when_answered(from, CloseReason::kBadHandshake);
  }
  who.role = Role::kAsked;
  who.neighbor = *id;
  who.nonces = std::make_unique<Nonces>(
      Nonces{config_->herd->authenticator->make_nonce(), std::string(handshake.token)});
  effects_.link_asked(from, *id);
  effects_.send(from, "NONCE " + who.nonces->own, kLinkEnding);
}

// From the server that asked for a link: the MAC over both nonces.
void Server::mac_line(ConnectionId from, const Line& line, Moment now) {
  Session& who = session(from);
  if (who.ending) return;
  const HandshakeToken mac = parse_handshake_token("MAC", line.text);
  const auto* shown = std::get_if<std::string_view>(&mac);
  if (shown == nullptr || !same_mac(*shown, their_mac("MAC", who))) {
    ParseError error{ParseCode::kBadHandshake, 0, line.text};
    if (const auto* bad = std::get_if<ParseError>(&mac)) error = *bad;
    refuse(from, line, error);
    return end_when_answered(from, CloseReason::kBadHandshake);
  }
  const NeighborId id = who.neighbor;
  Neighbor& neighbor = neighbors_[id.value];
  if (neighbor.state == Neighbor::State::kUp) {
    const ConnectionId old = neighbor.connection;
    take_down(id, now);
    session(old).role = Role::kClosed;
    end_when_answered(old, CloseReason::kReplaced);
  }
  who.role = Role::kLink;
  effects_.became_link(from, id);
  effects_.send(
      from,
      format_handshake("LINKED", {config_->herd->name, config_->name,
                                  config_->neighbors[id.value].name, own_mac("LINKED", who)}),
      kLinkEnding);
  bring_up(id, from, now);
}

// From a neighbour that this server dialled: its nonce, then its acknowledgement.
void Server::handshake_line(ConnectionId from, const Line& line, Moment now) {
  Session& who = session(from);
  const NeighborId id = who.neighbor;
  ParseError error{ParseCode::kBadHandshake, 0, line.text};
  if (who.nonces->theirs.empty()) {
    const HandshakeToken nonce = parse_handshake_token("NONCE", line.text);
    if (const auto* drawn = std::get_if<std::string_view>(&nonce)) {
      who.nonces->theirs = *drawn;
      return effects_.send(from, "MAC " + own_mac("MAC", who), kLinkEnding);
    }
    error = std::get<ParseError>(nonce);
  } else {
    const Acknowledgement parsed = parse_acknowledgement(line.text);
    const auto* linked = std::get_if<Handshake>(&parsed);
    if (linked != nullptr && linked->herd == config_->herd->name &&
        linked->from == config_->neighbors[id.value].name && linked->to == config_->name &&
        same_mac(linked->token, their_mac("LINKED", who))) {
      who.role = Role::kLink;
      upkeep_[id.value].failures = 0;
      effects_.became_link(from, id);
      return bring_up(id, from, now);
    }
    if (const auto* bad = std::get_if<ParseError>(&parsed)) error = *bad;
  }
  refuse_on_link(line, error);
  who.role = Role::kClosed;
  back_off(id, now);
  effects_.close(from, CloseReason::kNotLinked);
}

void Server::refuse_on_link(const Line& line, const ParseError& error) {
  observer_.line_refused(id_, line.text, error, true);
}

std::optional<ParseError> Server::foreign_server(const RecordView& report) const {
  if (config_->herd->servers == nullptr || config_->herd->servers->contains(report.server))
    return std::nullopt;
  const auto column = static_cast<std::size_t>(report.server.data() - report.line.data());
  return ParseError{ParseCode::kUnknownServer, column, report.server};
}

// Never answers a line with `? `, because two servers would send it back and forth for ever.
void Server::link_line(ConnectionId from, const Line& line, Moment now) {
  const NeighborId neighbor = session(from).neighbor;
  if (keeps_alive_) watches_[neighbor.value].heard(now.run);
  if (reconciler_ && is_sync_line(line.text)) return sync_line(neighbor, line, now);
  if (has_outbox_ && is_batch_line(line.text)) return posting_->batch_line(neighbor, line, now);
  if (lines_ == nullptr) lines_ = std::make_shared<LineMemo>();
  if (const KeptReport* const same = lines_->find(line.text, &session(from).next_line)) {
    news(neighbor, same->view(), now);
    return;
  }
  const LinkCommand command = parse_link_line(line.text);
  if (const auto* report = std::get_if<RecordView>(&command)) {
    if (const auto foreign = foreign_server(*report)) return refuse_on_link(line, *foreign);
    if (news(neighbor, *report, now) == Verdict::kAccepted) lines_->add(records_.last_taken());
  } else if (const auto* error = std::get_if<ParseError>(&command)) {
    if (!routes() || !routing_->has_word(line.text)) {
      return refuse_on_link(line, *error);
    }
    observer_.control_received(id_, neighbor, now);
    if (!routing_->scheme().line(neighbor, line.text, now)) {
      refuse_on_link(line, {ParseCode::kBadControl, 0, line.text});
    }
  }
}

std::size_t Server::expected_lines_received(ConnectionId from, std::string_view bytes, int most,
                                            Moment now) {
  std::size_t taken = 0;
  // Handling a line may end the link.
  for (; most > 0 && lines_ != nullptr && session(from).role == Role::kLink; --most) {
    Session& who = session(from);
    const KeptReport* const same = lines_->take_next(bytes.substr(taken), who.next_line);
    if (same == nullptr) break;
    taken += same->ended_line().size();
    record_received(who.neighbor, same->view(), now);
  }
  return taken;
}

void Server::record_received(NeighborId from, const RecordView& report, Moment now) {
  if (keeps_alive_) watches_[from.value].heard(now.run);
  news(from, report, now);
}

Verdict Server::news(NeighborId from, const RecordView& report, Moment now) {
  const Verdict verdict = records_.offer(report);
  if (verdict == Verdict::kRefused) [[unlikely]] {
    refuse_report(report);
    return verdict;
  }
  of_messages_.update_received(id_, from, report, verdict, now);
  if (has_outbox_ && verdict != Verdict::kStale) posting_->held_by(from, report, now);
  if (verdict == Verdict::kAccepted) {
    // A report that is shared is the stored one, and its view need not be made again.
    if (report.kept != nullptr) {
      taken(report, from, now);
    } else {
      taken(records_.last_taken().view(), from, now);
    }
  } else if (routes()) {
    routing_->scheme().not_taken(report, from, verdict, now);
  }
  return verdict;
}

void Server::sync_line(NeighborId from, const Line& line, Moment now) {
  reconciler_->heard_from(from, now);
  const SyncCommand command = parse_sync_line(line.text);
  if (const auto* report = std::get_if<RecordView>(&command)) {
    repair_received(from, *report, now);
  } else if (const auto* error = std::get_if<ParseError>(&command)) {
    refuse_on_link(line, *error);
  } else if (!reconciler_->take(from, command, now)) {
    refuse_on_link(line, {ParseCode::kOutOfPlace, 0, line.text});
  }
  const Instant timer = upkeep_[from.value].timer;
  const std::optional<Instant> next = reconciler_->next_check(from, now);
  if (timer == kNever || (next && *next < timer)) set_link_timer(from, now);
}

void Server::repair_received(NeighborId from, const RecordView& report, Moment now) {
  if (const auto foreign = foreign_server(report)) {
    return observer_.line_refused(id_, report.line, *foreign, true);
  }
  const Verdict verdict = records_.offer(report);
  if (verdict == Verdict::kRefused) return refuse_report(report);
  of_messages_.update_received(id_, from, report, verdict, now);
  if (has_outbox_ && verdict != Verdict::kStale) posting_->held_by(from, report, now);
  if (verdict == Verdict::kAccepted) repaired(records_.last_taken().view(), from, now);
}

void Server::refuse_report(const RecordView& report) {
  const auto column = static_cast<std::size_t>(report.client.data() - report.line.data());
  observer_.line_refused(id_, report.line, {ParseCode::kFull, column, report.client}, true);
}

void Server::taken(const RecordView& report, const std::optional<NeighborId>& from, Moment now) {
  if (reconciler_) reconciler_->record_taken(report.client);
  if (routes()) return routing_->scheme().taken(report, from, now);
  flood(report, from, now);
}

void Server::flood(const RecordView& report, const std::optional<NeighborId>& from, Moment now) {
  // The lines of a group share the work that they have in common. Measured in virtual time over a
  // 4-regular graph: with a call for each line an arrival takes a twentieth more.
  std::array<NeighborId, Effects::kMostLinksAtOnce> group;
  std::array<ConnectionId, Effects::kMostLinksAtOnce> links;
  std::size_t size = 0;
  const auto send_group = [&] {
    if (size == 0) return;
    of_messages_.update_relayed(id_, std::span(group).first(size), report, now);
    effects_.relay_update(std::span(links).first(size), report);
    size = 0;
  };
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    const NeighborId to{i};
    if (neighbors_[i].state != Neighbor::State::kUp) continue;
    if (i == 0 && from && is_broken(Mutation::kNeighborSkipped)) continue;
    const bool echoes = is_broken(Mutation::kSplitHorizonLost);
    if (!echoes && !relays_to(relay_, from, to)) continue;
    if (has_outbox_) {
      posting_->send(to, report, now);
      continue;
    }
    said(to, now);
    group[size] = to;
    links[size++] = neighbors_[i].connection;
    if (size == links_at_once_) send_group();
  }
  send_group();
}

// A repair is passed on by flooding in every scheme: it happens where a scheme's structure has
// failed. It never goes back to its sender, which holds it.
void Server::repaired(const RecordView& report, NeighborId from, Moment now) {
  reconciler_->repair_taken(from, report.client, now);
  if (routes()) routing_->scheme().repaired(report);
  if (is_broken(Mutation::kRepairKept)) return;
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) {
    const NeighborId to{i};
    if (to == from || neighbors_[i].state != Neighbor::State::kUp) continue;
    if (reconciler_->passes_on_to(to)) send_news(to, report, now);
  }
}

void Server::send_news(NeighborId to, const RecordView& report, Moment now) {
  if (has_outbox_) return posting_->send(to, report, now);
  said(to, now);
  of_messages_.update_sent(id_, to, report, now);
  effects_.send_update(neighbors_[to.value].connection, report);
}

void Server::note_said(NeighborId to, Moment now) {
  LinkWatch& watch = watches_[to.value];
  if (upkeep_[to.value].is_assured) {
    effects_.assured_link_speaks(to, watch.last_said(), to.value < timer_of_);
  }
  watch.said(now.run);
}

void Server::say(NeighborId to, std::string_view line, Moment now) {
  said(to, now);
  observer_.summary_sent(id_, to, line.size() + kLinkEnding.size(), now);
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
}

void Server::say_control(NeighborId to, std::string_view line, Moment now) {
  said(to, now);
  observer_.control_sent(id_, to, line.size() + kLinkEnding.size(), now);
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
}

void Server::compare(NeighborId neighbor, Moment now) {
  if (!reconciler_) return;
  reconciler_->compare(neighbor, now);
  set_link_timer(neighbor, now);
}

std::size_t Server::repair(NeighborId to, const RecordView& record, Moment now) {
  said(to, now);
  observer_.repair_sent(id_, to, record, now);
  format_sync(repair_scratch_, record);
  // A line that is too long with SYNC before it goes out as news.
  const bool fits = repair_scratch_.size() <= kMaxLinkLine;
  const std::string_view line = fits ? std::string_view(repair_scratch_) : record.line;
  effects_.send(neighbors_[to.value].connection, line, kLinkEnding);
  return line.size() + kLinkEnding.size();
}

void Server::synchronized(NeighborId neighbor, Moment now) {
  observer_.link_synchronized(id_, neighbor, now);
}

bool Server::link_is_up(NeighborId neighbor) const {
  return neighbors_[neighbor.value].state == Neighbor::State::kUp;
}

bool Server::recovery_is_over(NeighborId neighbor) const {
  return !reconciler_ || !link_is_up(neighbor) || reconciler_->is_synchronized(neighbor);
}

bool Server::holds_the_same(NeighborId neighbor) const {
  return reconciler_ && link_is_up(neighbor) && reconciler_->holds_the_same(neighbor);
}

void Server::dialled(NeighborId neighbor, ConnectionId id, Moment) {
  Session& who = open_session(id, Role::kHandshake);
  who.neighbor = neighbor;
  who.nonces = std::make_unique<Nonces>(Nonces{config_->herd->authenticator->make_nonce(), {}});
  neighbors_[neighbor.value].state = Neighbor::State::kHandshake;
  neighbors_[neighbor.value].connection = id;
  const NeighborConfig& config = config_->neighbors[neighbor.value];
  effects_.send(
      id,
      format_handshake("LINK", {config_->herd->name, config_->name, config.name, who.nonces->own}),
      kLinkEnding);
}

void Server::dial_failed(NeighborId neighbor, Moment now) { back_off(neighbor, now); }

void Server::redial(NeighborId neighbor, Moment now) {
  if (!config_->neighbors[neighbor.value].dials) return;
  Neighbor& which = neighbors_[neighbor.value];
  if (which.state == Neighbor::State::kUp) return;
  // An attempt that began earlier may have met a fault that is over now.
  if (which.state == Neighbor::State::kDialling) effects_.abandon_dial(neighbor);
  if (which.state == Neighbor::State::kHandshake) {
    abandon_handshake(neighbor, CloseReason::kRedialled);
  }
  upkeep_[neighbor.value].failures = 0;
  dial(neighbor, now);
}

void Server::time_reached(Moment now) {
  while (!timers_.empty() && timers_.top().at <= now.run) {
    const auto [at, id] = timers_.top();
    timers_.pop();
    if (upkeep_[id.value].timer != at) continue;
    upkeep_[id.value].timer = kNever;
    timer_of_ = id.value;
    switch (neighbors_[id.value].state) {
      case Neighbor::State::kDown:
        dial(id, now);
        break;
      case Neighbor::State::kDialling:
        effects_.abandon_dial(id);
        back_off(id, now);
        break;
      case Neighbor::State::kHandshake:
        back_off(id, now);
        abandon_handshake(id, CloseReason::kNotLinked);
        break;
      case Neighbor::State::kUp:
        watch_link(id, now.run - at, now);
        break;
    }
  }
  timer_of_ = kPastTimers;
  drop_stale_timers();
  if (routes()) routing_->scheme().time_reached(now);
  if (has_outbox_) posting_->time_reached(now);
}

Instant Server::sending_due() const {
  const auto next = earlier(routes() ? routing_->scheme().deadline() : std::nullopt,
                            has_outbox_ ? posting_->deadline() : std::nullopt);
  return next.value_or(Instant::max());
}

void Server::link_drained(NeighborId neighbor, Moment now) {
  if (has_outbox_) posting_->link_drained(neighbor, now);
}

void Server::dies(Moment now) {
  if (!has_outbox_) return;
  for (std::uint32_t i = 0; i < neighbors_.size(); ++i) posting_->link_down(NeighborId{i}, now);
}

bool Server::is_quiet() const {
  return (!routes() || routing_->scheme().is_quiet()) && (!has_outbox_ || posting_->is_quiet());
}

std::optional<NeighborId> Server::find_neighbor(std::string_view name) const {
  for (std::uint32_t i = 0; i < config_->neighbors.size(); ++i) {
    if (config_->neighbors[i].name == name) return NeighborId{i};
  }
  return std::nullopt;
}

void Server::bring_up(NeighborId id, ConnectionId connection, Moment now) {
  Neighbor& neighbor = neighbors_[id.value];
  neighbor.state = Neighbor::State::kUp;
  neighbor.connection = connection;
  session(connection).nonces.reset();
  if (keeps_alive_) watches_[id.value].start(now.run);
  upkeep_[id.value].timer = kNever;
  ++links_up_;
  observer_.link_up(id_, id, now);
  if (reconciler_) reconciler_->link_up(id, now);
  if (routes()) routing_->scheme().link_up(id, now);
  set_link_timer(id, now);
}

void Server::take_down(NeighborId id, Moment now) {
  neighbors_[id.value].state = Neighbor::State::kDown;
  upkeep_[id.value].timer = kNever;
  upkeep_[id.value].is_assured = false;
  drop_stale_timers();
  --links_up_;
  observer_.link_down(id_, id, now);
  if (has_outbox_) posting_->link_down(id, now);
  if (routes()) routing_->scheme().link_down(id, now);
  if (reconciler_) reconciler_->link_down(id, now);
}

void Server::drop_silent_link(NeighborId id, Moment now) {
  const ConnectionId silent = neighbors_[id.value].connection;
  take_down(id, now);
  back_off(id, now);
  session(silent).role = Role::kClosed;
  end_when_answered(silent, CloseReason::kSilent);
}

void Server::dial(NeighborId id, Moment now) {
  neighbors_[id.value].state = Neighbor::State::kDialling;
  set_timer(id, now.run + config_->neighbors[id.value].handshake_timeout);
  effects_.dial(id);
}

void Server::abandon_handshake(NeighborId id, CloseReason reason) {
  const ConnectionId connection = neighbors_[id.value].connection;
  session(connection).role = Role::kClosed;
  end_when_answered(connection, reason);
}

void Server::watch_link(NeighborId id, Duration late, Moment now) {
  if (reconciler_) reconciler_->time_passed(id, now);
  if (is_watched(id)) {
    LinkWatch& watch = watches_[id.value];
    const LinkWatch::Due due = watch.judge(*config_->herd->keep_alive, now.run, late);
    if (due == LinkWatch::Due::kSilent) return drop_silent_link(id, now);
    if (due == LinkWatch::Due::kAlive) {
      watch.said(now.run);
      effects_.send(neighbors_[id.value].connection, kAliveLine, kLinkEnding);
    }
  }
  set_link_timer(id, now);
}

void Server::assure_link(NeighborId neighbor, Moment now) {
  upkeep_[neighbor.value].is_assured = true;
  upkeep_[neighbor.value].timer = kNever;
  const auto check = reconciler_ ? reconciler_->next_check(neighbor, now) : std::nullopt;
  check ? set_timer(neighbor, *check) : drop_stale_timers();
}

void Server::watch_link_again(NeighborId neighbor, Instant said, Instant heard, Instant look,
                              Moment now) {
  if (!std::exchange(upkeep_[neighbor.value].is_assured, false)) return;
  watches_[neighbor.value].said(said);
  watches_[neighbor.value].heard(heard);
  if (reconciler_) look = std::min(look, reconciler_->next_check(neighbor, now).value_or(look));
  set_timer(neighbor, look);
}

void Server::set_link_timer(NeighborId id, Moment now) {
  std::optional<Instant> next;
  if (reconciler_) next = reconciler_->next_check(id, now);
  if (is_watched(id)) {
    const Instant look = watches_[id.value].next(*config_->herd->keep_alive);
    next = next ? std::min(*next, look) : look;
  } else if (keeps_alive_) {
    effects_.assured_link_looked_at(id, watches_[id.value].last_said(), id.value <= timer_of_);
  }
  if (next) {
    set_timer(id, *next);
  } else {
    drop_stale_timers();
  }
}

void Server::set_timer(NeighborId id, Instant at) {
  upkeep_[id.value].timer = at;
  timers_.push({at, id});
  drop_stale_timers();
}

void Server::back_off(NeighborId id, Moment now) {
  neighbors_[id.value].state = Neighbor::State::kDown;
  upkeep_[id.value].timer = kNever;
  drop_stale_timers();
  if (!config_->neighbors[id.value].dials) return;
  const int doublings = std::min(upkeep_[id.value].failures++, 7);
  const Duration whole = std::min(kFirstBackoff * (1 << doublings), kLastBackoff);
  // The wait is between half and all of it, so that neighbours do not dial at the same time.
  const auto jitter = random_.below(static_cast<std::uint64_t>(whole.count() / 2) + 1);
  set_timer(id, now.run + whole / 2 + Duration(static_cast<std::int64_t>(jitter)));
}

void Server::drop_stale_timers() {
  while (!timers_.empty() && upkeep_[timers_.top().neighbor.value].timer != timers_.top().at) {
    timers_.pop();
  }
  next_timer_ = timers_.empty() ? Instant::max() : timers_.top().at;
}

}  // namespace herd
