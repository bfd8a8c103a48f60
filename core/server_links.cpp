// When a server dials its neighbours, how it keeps the links up, and when it gives one up.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/format.h"
#include "core/server.h"
#include "core/server_posting.h"
#include "core/server_routing.h"

namespace herd {

void Server::compare(NeighborId neighbor, Moment now) {
  if (!reconciler_) return;
  reconciler_->compare(neighbor, now);
  set_link_timer(neighbor, now);
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
