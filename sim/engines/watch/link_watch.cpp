#include "sim/engines/watch/link_watch.h"

#include <utility>

namespace sim {

LinkWatch::LinkWatch(const HerdSpec& spec, const RunClock& clock, OutsideWatch& watch,
                     OutsideObserver& observer, std::function<void()> standing)
    : clock_(clock),
      watch_(watch),
      observer_(observer),
      standing_(std::move(standing)),
      servers_(spec.servers.size()),
      receivers_(2 * spec.links.size()) {
  const Adjacency adjacency = make_adjacency(spec);
  for (std::uint32_t s = 0; s < adjacency.size(); ++s) {
    for (std::uint32_t n = 0; n < adjacency[s].size(); ++n) {
      const Adjacent& there = adjacency[s][n];
      // The link's first server dials. It receives in the odd direction.
      receivers_[2 * there.link + (there.dials ? 1 : 0)] = {s, herd::NeighborId{n}};
    }
  }
}

bool LinkWatch::Arrival::echoes(std::uint32_t to) {
  said = true;
  std::erase_if(others, [to](const Way& way) { return way.from == to; });
  if (first.from != to) return false;
  if (others.empty()) return true;
  first = others.front();
  others.erase(others.begin());
  return false;
}

std::uint32_t LinkWatch::line_said(std::uint32_t direction, std::string_view line) {
  if (heard_) heard_(direction, line);
  if (!watch_.begun()) return kNoMessage;
  const auto update = watch_.matcher().find(line);
  if (!update) return kNoMessage;
  last_message_ = last_said_ = clock_.now();
  const std::uint32_t from = receiver(direction ^ 1).server;
  const std::uint32_t to = receiver(direction).server;
  if (watch_.accepted_as(*update) == kNoIndex) {
    if (watch_.decided(*update)) return kNoMessage;  // no news, but the server says it all the same
    watch_.heard(*update, from, last_message_);
  } else if (!watch_.holds(from, *update)) {
    // The update did not come to the server over any of our links.
    watch_.found(*update, from, last_message_);
  }
  // A server that says an update which no link has brought it had it from elsewhere, even if a link
  // brings it later: while it is slow to tell its second neighbour, that one may have told it.
  Arrival& arrival =
      arrivals_.try_emplace(key(*update, from), Arrival{{kNoIndex, 0}}).first->second;
  Message message{*update, {}, direction, true, clock_.now()};
  message.what.update = watch_.accepted_as(*update);
  message.what.echo = arrival.echoes(to);
  message.what.hops = (arrival.first.hops + 1) & 0x7fff'ffff;
  const std::uint32_t number = free_.take(messages_);
  messages_[number] = message;
  ++in_flight_;
  return number;
}

LinkWatch::Message LinkWatch::take(std::uint32_t message) {
  free_.give_back(message);
  --in_flight_;
  messages_[message].in_flight = false;
  return messages_[message];
}

void LinkWatch::lose_all() {
  for (std::uint32_t number = 0; number < messages_.size(); ++number) {
    if (messages_[number].in_flight) message_lost(messages_[number].direction, number);
  }
}

void LinkWatch::message_arrived(std::uint32_t direction, std::uint32_t message) {
  const Message arrived = take(message);
  last_message_ = clock_.now();
  const End& to = receiver(direction);
  const std::uint32_t from = receiver(direction ^ 1).server;
  const Way way{from, arrived.what.hops};
  const auto [at, is_first] = arrivals_.try_emplace(key(arrived.update, to.server), Arrival{way});
  if (!is_first && !at->second.said) at->second.others.push_back(way);
  watch_.carried(arrived.update, to.server, to.neighbor, arrived.what, arrived.sent, last_message_);
}

void LinkWatch::message_lost(std::uint32_t direction, std::uint32_t message) {
  const Message lost = take(message);
  const End& to = receiver(direction);
  observer_.message_lost(herd::ServerId{to.server}, to.neighbor, lost.what, lost.sent,
                         {clock_.now(), 0});
}

void LinkWatch::link_stands(std::uint32_t link) {
  const herd::Moment now{clock_.now(), 0};
  // The server that was dialled is up first.
  for (const std::uint32_t direction : {2 * link, 2 * link + 1}) {
    const End& end = receiver(direction);
    observer_.link_up(herd::ServerId{end.server}, end.neighbor, now);
  }
  standing_();
}

void LinkWatch::link_ended(std::uint32_t link) {
  const herd::Moment now{clock_.now(), 0};
  for (const std::uint32_t direction : {2 * link, 2 * link + 1}) {
    const End& end = receiver(direction);
    observer_.link_down(herd::ServerId{end.server}, end.neighbor, now);
  }
}

}  // namespace sim
