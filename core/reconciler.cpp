#include "core/reconciler.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace herd {

class Reconciler::LinkOutput : public SyncExchange::Output {
 public:
  LinkOutput(Reconciler::Output& output, NeighborId to, Moment now)
      : output_(output), to_(to), now_(now) {}

  void say(std::string_view line) override { output_.say(to_, line, now_); }
  std::size_t repair(const RecordView& record) override {
    return output_.repair(to_, record, now_);
  }

 private:
  Reconciler::Output& output_;
  NeighborId to_;
  Moment now_;
};

Reconciler::Reconciler(const RecordStore& store, std::vector<Neighbor> neighbors,
                       std::optional<Duration> every, Output& output)
    : store_(store),
      neighbors_(std::move(neighbors)),
      every_(every),
      output_(output),
      links_(neighbors_.size()) {}

void Reconciler::link_up(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  link = {};
  link.state = State::kHandshake;
  link.progress = now.run;
  // The dialled endpoint sends HOLD first, so that the other one knows at once which of them leads.
  if (!neighbors_[neighbor.value].dials) say_hold(neighbor, now);
}

void Reconciler::link_down(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  give_turn_back(link);
  link = {};
  lead_next(now);
  release_summary();
}

void Reconciler::compare(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  switch (link.state) {
    case State::kDown:
    case State::kToLead:  // its comparison begins later than this
      return;
    case State::kHandshake:
      link.again = link.said;
      return;
    case State::kToFollow:
    case State::kComparing:
      link.again = true;
      return;
    case State::kSynchronized:
      link.state = State::kHandshake;
      link.progress = now.run;
      link.idle = false;
      say_hold(neighbor, now);
      return;
  }
}

void Reconciler::heard_from(NeighborId neighbor, Moment now) {
  links_[neighbor.value].progress = now.run;
  links_[neighbor.value].idle = false;
}

bool Reconciler::handle(NeighborId from, const SyncHold& hold, Moment now) {
  Link& link = links_[from.value];
  if (link.state == State::kSynchronized) {  // the neighbour asks for another comparison
    link.state = State::kHandshake;
    link.said = false;
  }
  if (link.state != State::kHandshake) return false;
  const bool dials = neighbors_[from.value].dials;
  if (!link.said) say_hold(from, now);
  link.theirs = hold.held;
  link.same_at.reset();
  if (link.own == link.theirs) {
    link.same_at = link.said_at;
    if (link.held_back) {
      say_hold(from, now);
    } else {
      finish(from, now);
    }
    return true;
  }
  const bool leads =
      link.own.count < link.theirs.count || (link.own.count == link.theirs.count && dials);
  link.state = leads ? State::kToLead : State::kToFollow;
  lead_next(now);
  return true;
}

bool Reconciler::handle(NeighborId from, const SyncBegin& begin, Moment now) {
  Link& link = links_[from.value];
  // BEGIN is also valid on a synchronized link: the neighbour may have withheld a record. If this
  // endpoint has just asked for another comparison, it asks again after this one.
  const bool crossed = link.state == State::kHandshake && link.said && link.was_synchronized;
  if (link.state != State::kToFollow && link.state != State::kSynchronized && !crossed)
    return false;
  link.again |= crossed;
  link.same_at.reset();
  link.state = State::kComparing;
  link.exchange = {};
  LinkOutput out(output_, from, now);
  link.exchange.answer(holdings(), begin, out);
  if (link.exchange.is_over()) finish(from, now);
  return true;
}

template <class Command>
bool Reconciler::handle(NeighborId from, const Command& command, Moment now) {
  Link& link = links_[from.value];
  if (link.state != State::kComparing) return false;
  LinkOutput out(output_, from, now);
  const bool in_place = link.exchange.take(holdings(), command, out);
  if (link.exchange.is_over()) finish(from, now);
  return in_place;
}

bool Reconciler::take(NeighborId from, const SyncCommand& command, Moment now) {
  return std::visit(
      [&](const auto& each) {
        using Command = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<Command, ParseError> || std::is_same_v<Command, RecordView>) {
          return false;
        } else {
          return handle(from, each, now);
        }
      },
      command);
}

void Reconciler::record_taken(std::string_view client) {
  ++accepted_;
  if (!summary_) return;
  if (const auto place = store_.place_of(client)) summary_->update(*place);
}

void Reconciler::repair_taken(NeighborId from, std::string_view client, Moment now) {
  record_taken(client);
  Link& link = links_[from.value];
  const auto place = store_.place_of(client);
  if (link.state != State::kComparing || !place) return;
  LinkOutput out(output_, from, now);
  link.exchange.taken(holdings(), *place, out);
}

bool Reconciler::passes_on_to(NeighborId neighbor) {
  Link& link = links_[neighbor.value];
  switch (link.state) {
    case State::kDown:
      return false;
    case State::kHandshake:
      // A neighbour that has not sent its HOLD in time may never do so.
      if (link.idle) return true;
      link.held_back = true;
      return false;
    case State::kToLead:
    case State::kToFollow:
      return false;
    case State::kComparing:
    case State::kSynchronized:
      return true;
  }
  return true;
}

std::optional<Instant> Reconciler::next_check(NeighborId neighbor, Moment now) const {
  const Link& link = links_[neighbor.value];
  if (link.state == State::kDown) return std::nullopt;
  if (link.state == State::kSynchronized) {
    if (!every_ || !neighbors_[neighbor.value].dials) return std::nullopt;
    return link.progress + *every_;
  }
  return (link.idle ? now.run : link.progress) + neighbors_[neighbor.value].timeout;
}

void Reconciler::time_passed(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  if (link.state == State::kSynchronized) {
    const auto next = next_check(neighbor, now);
    if (next && *next <= now.run) compare(neighbor, now);
    return;
  }
  if (link.state == State::kDown || link.idle) return;
  if (now.run - link.progress < neighbors_[neighbor.value].timeout) return;
  link.idle = true;
  give_turn_back(link);
  lead_next(now);
  release_summary();
}

void Reconciler::say_hold(NeighborId to, Moment now) {
  Link& link = links_[to.value];
  link.own = holdings().summary.total();
  link.said_at = accepted_;
  link.held_back = false;
  link.said = true;
  std::string line;
  format_sync(line, SyncHold{link.own});
  output_.say(to, line, now);
}

void Reconciler::lead(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  link.state = State::kComparing;
  link.exchange = {};
  link.has_turn = true;
  link.progress = now.run;
  link.idle = false;
  ++leading_;
  LinkOutput out(output_, neighbor, now);
  link.exchange.begin(holdings(), out);
}

void Reconciler::lead_next(Moment now) {
  while (leading_ < allowed_) {
    std::optional<NeighborId> next;
    for (std::uint32_t i = 0; i < links_.size(); ++i) {
      if (links_[i].state != State::kToLead) continue;
      if (!next || links_[i].theirs.count > links_[next->value].theirs.count) next = NeighborId{i};
    }
    if (!next) break;
    lead(*next, now);
  }
  if (leading_ == 0) allowed_ = 1;
}

void Reconciler::give_turn_back(Link& link) {
  if (std::exchange(link.has_turn, false)) --leading_;
}

void Reconciler::finish(NeighborId neighbor, Moment now) {
  Link& link = links_[neighbor.value];
  link.state = State::kSynchronized;
  link.exchange = {};
  link.progress = now.run;
  if (link.has_turn) ++allowed_;
  give_turn_back(link);
  if (!std::exchange(link.was_synchronized, true)) output_.synchronized(neighbor, now);
  lead_next(now);
  release_summary();
  if (std::exchange(link.again, false)) compare(neighbor, now);
}

SyncExchange::Holdings Reconciler::holdings() {
  if (!summary_) summary_.emplace(store_);
  return {store_, *summary_};
}

void Reconciler::release_summary() {
  const bool needed = std::any_of(links_.begin(), links_.end(), [](const Link& link) {
    return link.state != State::kDown && link.state != State::kSynchronized && !link.idle;
  });
  if (!needed) summary_.reset();
}

}  // namespace herd
