// The virtual server's side of its links: dials them, loses them, and hides both behind a
// blackhole.
#include <utility>

#include "sim/worlds/virtual/virtual_server.h"

namespace sim {

const Adjacent& VirtualServer::adjacent(herd::NeighborId neighbor) const {
  return surroundings_.neighbors(id_.value)[neighbor.value];
}

bool VirtualServer::is_unheard(std::uint32_t neighbor) const {
  const Adjacent& there = adjacent(herd::NeighborId{neighbor});
  return holds(links_.fault(there.link), there.dials);
}

void VirtualServer::dial(herd::NeighborId neighbor) {
  LinkEnd& end = link_ends_[neighbor.value];
  const std::uint32_t dial = ++end.dials;
  end.dialling = true;
  const Adjacent& there = adjacent(neighbor);
  if (links_.fault(there.link) == LinkFault::kCut) return refuse_dial(neighbor);
  const Duration delay =
      links_.way_out(there).connect_delay(links_.way_back(there).conditions(), loop_.now());
  surroundings_.do_at(id_.value, loop_.now() + delay, [this, life = life_, neighbor, dial] {
    if (life == life_) input([this, neighbor, dial] { dial_now(neighbor, dial); });
  });
}

void VirtualServer::dial_now(herd::NeighborId neighbor, std::uint32_t dial) {
  LinkEnd& end = link_ends_[neighbor.value];
  if (end.dials != dial) return;
  const Adjacent& there = adjacent(neighbor);
  const LinkFault fault = links_.fault(there.link);
  // Never answered: the core's timeout will end it.
  if (is_blackhole(fault)) return;
  VirtualServer& other = surroundings_.server(there.peer);
  if (fault == LinkFault::kCut || !other.is_up()) return refuse_dial(neighbor);

  const herd::ConnectionId here = add_connection(kNoPipe, kNoPipe);
  const PipeId in = pipes_.open({id_.value, here.value});
  const herd::ConnectionId theirs = other.accept(in);
  const PipeId out = pipes_.open({there.peer, theirs.value});
  other.set_pipe_in(theirs, out);
  Connection& connection = connections_[here.value];
  connection.in = in;
  connection.out = out;
  connection.neighbor = neighbor.value;
  end.connection = here.value;
  end.dialling = false;
  begin_way(neighbor, out);
  core_->dialled(neighbor, here, now());
}

void VirtualServer::refuse_dial(herd::NeighborId neighbor) {
  input_later([this, neighbor, dial = link_ends_[neighbor.value].dials] {
    if (link_ends_[neighbor.value].dials != dial) return;
    link_ends_[neighbor.value].dialling = false;
    core_->dial_failed(neighbor, now());
  });
}

void VirtualServer::abandon_dial(herd::NeighborId neighbor) {
  ++link_ends_[neighbor.value].dials;
  link_ends_[neighbor.value].dialling = false;
}

void VirtualServer::begin_way(herd::NeighborId neighbor, PipeId out) {
  links_.way_out(adjacent(neighbor)).begin(pipes_, out);
  if (is_unheard(neighbor.value)) pipes_.hold(out);
}

void VirtualServer::link_asked(herd::ConnectionId connection, herd::NeighborId neighbor) {
  Connection& who = connections_[connection.value];
  who.neighbor = neighbor.value;
  // An earlier connection may still have the way: this endpoint has not heard of its end yet.
  if (links_.way_out(adjacent(neighbor)).pipe() == kNoPipe) begin_way(neighbor, who.out);
}

void VirtualServer::became_link(herd::ConnectionId connection, herd::NeighborId neighbor) {
  Connection& who = connections_[connection.value];
  who.neighbor = neighbor.value;
  link_ends_[neighbor.value].connection = connection.value;
  if (links_.way_out(adjacent(neighbor)).pipe() != who.out) begin_way(neighbor, who.out);
  surroundings_.link_proven(id_, neighbor, who.in);
  newly_proven_ = neighbor.value;
}

void VirtualServer::leave_link(herd::ConnectionId connection) {
  const Connection& who = connections_[connection.value];
  if (who.neighbor == kNobody) return;
  VirtualDirection& way = links_.way_out(adjacent(herd::NeighborId{who.neighbor}));
  if (way.pipe() == who.out) way.end(pipes_);
  LinkEnd& end = link_ends_[who.neighbor];
  if (end.connection == connection.value) end.connection = kNobody;
}

void VirtualServer::redial(herd::NeighborId neighbor) {
  if (!up_) return;
  input([this, neighbor] { core_->redial(neighbor, now()); });
}

void VirtualServer::cut(herd::NeighborId neighbor, bool with_reset) {
  LinkEnd& end = link_ends_[neighbor.value];
  if (end.connection == kNobody) {
    if (!end.dialling) return;
    end.dialling = false;
    const std::uint32_t failed = ++end.dials;
    // A paused server may dial again before it comes to this.
    return input([this, neighbor, failed] {
      if (link_ends_[neighbor.value].dials == failed) core_->dial_failed(neighbor, now());
    });
  }
  const herd::ConnectionId connection{end.connection};
  drop(connection, with_reset);
  let_go(connection, false);
}

void VirtualServer::drop_overflowing(herd::ConnectionId to) {
  input_later([this, to, serial = connections_[to.value].serial] {
    const Connection& who = connections_[to.value];
    if (!is_open(to, serial) || who.out == kNoPipe) return;
    ++links_overflowed_;
    drop(to, false);
    let_go(to, false);
  });
}

void VirtualServer::reset_kept(herd::NeighborId neighbor) {
  for (const Kept& each : std::exchange(kept_, {})) {
    if (each.neighbor != neighbor.value) {
      kept_.push_back(each);
      continue;
    }
    VirtualServer& other = surroundings_.server(each.peer.server);
    const herd::ConnectionId there{each.peer.connection};
    if (other.is_open(there, each.serial)) other.was_reset(there);
  }
}

}  // namespace sim
