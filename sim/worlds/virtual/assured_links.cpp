// Keep-alives that are not played. On a link that is up between two servers that act, over
// latencies alone, the ALIVE lines can have no effect: each comes in time, and only tells a watch
// that nothing is wrong. The link is then assured. Its ALIVE lines have no events until one of its
// endpoints sends something else, or something happens to it: then they are counted, because the
// times of all of them follow from that of the last line. The one that is still in flight then
// becomes a piece like any other. The results are the same as if all of them were played, see
// README.md; only the trace is another one: it has their number and the time of the last one.
//
// Measured: a herd of a million servers whose links are idle for 10 s took three times as long with
// keep-alives as without them while each was played.
#include "sim/worlds/virtual/assured_links.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/framing.h"
#include "sim/worlds/virtual/virtual_herd.h"
#include "sim/worlds/virtual/virtual_server.h"

namespace sim {

bool may_assure_links(const HerdSpec& spec) {
  // Each ALIVE takes its receiver's time.
  if (!spec.keep_alive || spec.service_time > Duration(0)) return false;
  // Gossip draws random numbers for its rounds whenever its server wakes up.
  return spec.propagation.info().name != "gossip";
}

std::optional<LinkEndpoint> VirtualServer::other_endpoint(herd::NeighborId neighbor) const {
  const std::uint32_t connection = link_ends_[neighbor.value].connection;
  if (connection == kNobody || connections_[connection].out == kNoPipe) return std::nullopt;
  const PipeEnd& there = pipes_.end(connections_[connection].out);
  if (there.link == PipeEnd::kNoLink) return std::nullopt;
  return LinkEndpoint{there.server, herd::NeighborId{there.link}};
}

bool VirtualServer::can_be_assured(herd::NeighborId neighbor, const VirtualServer& there,
                                   herd::NeighborId back) const {
  const LinkEnd& end = link_ends_[neighbor.value];
  if (!has_time_ || !up_ || !core_->link_is_up(neighbor) || end.connection == kNobody) return false;
  const Connection& connection = connections_[end.connection];
  if (connection.in == kNoPipe || connection.out == kNoPipe) return false;
  if (connection.said_goodbye || connection.heard_goodbye || connection.leaving) return false;
  if (pipes_.end(connection.out).connection != there.link_ends_[back.value].connection) {
    return false;
  }
  const VirtualDirection& way = links_.way_out(adjacent(neighbor));
  const Duration latency = way.conditions().latency;
  // At most one ALIVE is ever in flight, and nothing is that was sent over a longer latency.
  if (!way.is_plain() || latency >= alive_every_) return false;
  if (pipes_.last_arrival(connection.out) > loop_.now() + latency) return false;
  const herd::Instant next = core_->watch(neighbor).last_said() + alive_every_;
  if (next <= loop_.now() || core_->next_look(neighbor) <= loop_.now()) return false;
  // So long that it is always the own next ALIVE that the other endpoint looks for, and not the end
  // of the timeout.
  const Duration timeout = core_->config().herd->keep_alive->timeout;
  return next + latency + alive_every_ <= there.core_->watch(back).last_heard() + timeout;
}

void VirtualServer::assure_link(herd::NeighborId neighbor) {
  const herd::Instant look = core_->next_look(neighbor);
  core_->assure_link(neighbor, now());
  link_ends_[neighbor.value].last_alive = herd::Instant::min();
  link_ends_[neighbor.value].look = look;
}

void VirtualServer::assured_link_speaks(herd::NeighborId neighbor, herd::Instant since,
                                        bool after_alive) {
  LinkEnd& end = link_ends_[neighbor.value];
  end.look = next_look(end, since, after_alive);
  account_alives(neighbor, since, after_alive);
}

void VirtualServer::assured_link_looked_at(herd::NeighborId neighbor, herd::Instant since,
                                           bool after_alive) {
  link_ends_[neighbor.value].look = last_said(since, after_alive) + alive_every_;
}

bool VirtualServer::is_looked_at(bool after_alive) const {
  const auto place = surroundings_.compare_with_wake(id_.value);
  return place > 0 || (place == 0 && after_alive);
}

herd::Instant VirtualServer::last_said(herd::Instant since, bool after_alive) const {
  const Duration silence = loop_.now() - since;
  if (silence < alive_every_) return since;
  const herd::Instant last = since + silence / alive_every_ * alive_every_;
  return last == loop_.now() && !is_looked_at(after_alive) ? last - alive_every_ : last;
}

herd::Instant VirtualServer::next_look(const LinkEnd& end, herd::Instant since,
                                       bool after_alive) const {
  if (end.look > loop_.now()) return end.look;
  if (end.look == loop_.now() && !is_looked_at(after_alive)) return end.look;
  // When it looked then, it saw the line that was sent at `since`.
  return last_said(since, after_alive) + alive_every_;
}

bool VirtualServer::would_look_now() const {
  if (alive_every_ == Duration(0) || is_looked_at(true)) return false;
  for (std::uint32_t n = 0; n < link_ends_.size(); ++n) {
    const herd::NeighborId neighbor{n};
    if (links_.is_assured(adjacent(neighbor).link) &&
        next_look(link_ends_[n], core_->watch(neighbor).last_said(), true) == loop_.now()) {
      return true;
    }
  }
  return false;
}

herd::Instant VirtualServer::account_alives(herd::NeighborId neighbor) {
  return account_alives(neighbor, core_->watch(neighbor).last_said(), true);
}

herd::Instant VirtualServer::account_alives(herd::NeighborId neighbor, herd::Instant since,
                                            bool after_alive) {
  const herd::Instant last = last_said(since, after_alive);
  if (last == since) return since;
  const std::int64_t count = (last - since) / alive_every_;
  LinkEnd& end = link_ends_[neighbor.value];
  const PipeId out = connections_[end.connection].out;
  // At most one is in flight, because the latency is less than the period.
  if (pipes_.has_come_out(out, last)) {
    end.last_alive = last;
  } else if (count > 1) {
    end.last_alive = last - alive_every_;
  }
  pipes_.send_late(out, herd::kAliveLine, herd::kLinkEnding, static_cast<std::uint64_t>(count),
                   last);
  return last;
}

void VirtualServer::watch_link_again(herd::NeighborId neighbor, herd::Instant said,
                                     herd::Instant their_alive) {
  if (!core_->link_is_up(neighbor)) return;  // its connection is about to end
  const PipeId in = connections_[link_ends_[neighbor.value].connection].in;
  const herd::Instant heard =
      std::max(core_->watch(neighbor).last_heard(), pipes_.arrival(in, their_alive));
  const herd::Instant look =
      next_look(link_ends_[neighbor.value], core_->watch(neighbor).last_said(), true);
  core_->watch_link_again(neighbor, said, heard, look, now());
  if (surroundings_.compare_with_wake(id_.value) > 0) return arm();
  // An ALIVE of this very moment comes when it would have come.
  if (core_->due() >= armed_) return;
  armed_ = core_->due();
  surroundings_.wake_late_at(id_.value, armed_);
}

void VirtualServer::end_assurance(herd::ConnectionId connection) {
  const std::uint32_t neighbor = connections_[connection.value].neighbor;
  if (neighbor == kNobody || link_ends_[neighbor].connection != connection.value) return;
  surroundings_.link_ends({id_.value, herd::NeighborId{neighbor}});
}

LinkEndpoint VirtualHerd::endpoint_of(std::uint32_t link) const {
  const std::uint32_t server = spec_.links[link].first;
  const std::vector<Adjacent>& neighbors = adjacency_[server];
  const auto at = std::find_if(neighbors.begin(), neighbors.end(),
                               [&](const Adjacent& each) { return each.link == link; });
  return {server, herd::NeighborId{static_cast<std::uint32_t>(at - neighbors.begin())}};
}

void VirtualHerd::assure(const LinkEndpoint& a) {
  const std::uint32_t link = adjacency_[a.server][a.neighbor.value].link;
  if (!may_assure_ || links_.is_assured(link) || links_.fault(link) != LinkFault::kNone) return;
  VirtualServer& here = *servers_[a.server];
  const auto b = here.other_endpoint(a.neighbor);
  if (!b) return;
  VirtualServer& there = *servers_[b->server];
  if (!here.can_be_assured(a.neighbor, there, b->neighbor) ||
      !there.can_be_assured(b->neighbor, here, a.neighbor)) {
    return;
  }
  here.assure_link(a.neighbor);
  there.assure_link(b->neighbor);
  links_.set_assured(link, true);
}

void VirtualHerd::end_assurance(const LinkEndpoint& a) {
  const std::uint32_t link = adjacency_[a.server][a.neighbor.value].link;
  if (!links_.is_assured(link)) return;
  links_.set_assured(link, false);
  VirtualServer& here = *servers_[a.server];
  const LinkEndpoint b = *here.other_endpoint(a.neighbor);
  VirtualServer& there = *servers_[b.server];
  const herd::Instant said_here = here.account_alives(a.neighbor);
  const herd::Instant said_there = there.account_alives(b.neighbor);
  here.watch_link_again(a.neighbor, said_here, there.last_alive(b.neighbor));
  there.watch_link_again(b.neighbor, said_there, here.last_alive(a.neighbor));
}

void VirtualHerd::assure_all_of(std::uint32_t server_index) {
  for (std::uint32_t n = 0; n < adjacency_[server_index].size(); ++n) {
    assure({server_index, herd::NeighborId{n}});
  }
}

void VirtualHerd::end_assurances_of(std::uint32_t server_index) {
  for (std::uint32_t n = 0; n < adjacency_[server_index].size(); ++n) {
    end_assurance({server_index, herd::NeighborId{n}});
  }
}

void VirtualHerd::account_alives() {
  for (std::uint32_t s = 0; s < servers_.size(); ++s) {
    for (std::uint32_t n = 0; n < adjacency_[s].size(); ++n) {
      if (links_.is_assured(adjacency_[s][n].link)) {
        servers_[s]->account_alives(herd::NeighborId{n});
      }
    }
  }
}

}  // namespace sim
