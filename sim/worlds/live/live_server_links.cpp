// How a live server dials its links and loses them, and what it hides of that in a blackhole.
#include <utility>

#include "sim/worlds/live/live_server.h"

namespace sim {

void LiveServer::dial(herd::NeighborId neighbor) {
  Link& link = links_[neighbor.value];
  ++link.dials;
  if (directory_.fault_to(id(), neighbor) == LinkFault::kCut) return refuse_dial(neighbor);
  const herd::Instant now = clock().now();
  const Duration delay = connect_delay(link.way->model(), directory_.way_back(id(), neighbor), now);
  if (delay > Duration(0)) return link.dial->set(clock().hrtime_of(now + delay));
  dial_now(neighbor);
}

void LiveServer::dial_now(herd::NeighborId neighbor) {
  const LinkFault fault = directory_.fault_to(id(), neighbor);
  if (fault == LinkFault::kCut) return refuse_dial(neighbor);
  // No answer comes: the core's timeout will end the dial.
  if (is_blackhole(fault)) return;
  const sockaddr_storage address = directory_.neighbor_address(id(), neighbor);
  Stream* const stream = Stream::create(loop(), *this, kDialling | neighbor.value);
  stream->set_first();
  if (stream->connect(reinterpret_cast<const sockaddr*>(&address)) == 0) {
    links_[neighbor.value].stream = stream;
    return;
  }
  stream->abandon();
  refuse_dial(neighbor);
}

void LiveServer::refuse_dial(herd::NeighborId neighbor) {
  input_later([this, neighbor, dial = links_[neighbor.value].dials] {
    if (links_[neighbor.value].dials == dial) core_->dial_failed(neighbor, now());
  });
}

void LiveServer::fail_dial(herd::NeighborId neighbor) {
  // A server that is paused may dial again before it comes to this.
  input([this, neighbor, failed = ++links_[neighbor.value].dials] {
    if (links_[neighbor.value].dials == failed) core_->dial_failed(neighbor, now());
  });
}

void LiveServer::abandon_dial(herd::NeighborId neighbor) {
  Link& link = links_[neighbor.value];
  ++link.dials;
  link.dial->cancel();
  if (link.stream == nullptr || !is_dialling(*link.stream)) return;
  drop(*link.stream, neighbor, false);
  link.stream = nullptr;
}

void LiveServer::connected(Stream& stream) {
  input([this, neighbor = dialled_by(stream)] { dial_stands(neighbor); });
}

void LiveServer::dial_stands(herd::NeighborId neighbor) {
  Stream* const stream = links_[neighbor.value].stream;
  if (stream == nullptr || !is_dialling(*stream)) return;  // it broke during a pause
  const herd::ConnectionId connection = add_connection(stream);
  connection_of(connection).neighbor = neighbor;
  links_[neighbor.value].way->begin(*stream);
  core_->dialled(neighbor, connection, now());
}

void LiveServer::link_asked(herd::ConnectionId connection, herd::NeighborId neighbor) {
  Connection& who = connection_of(connection);
  if (who.stream == nullptr) return;
  // From the handshake on, so that the lines on different links keep their order.
  who.stream->set_first();
  LinkWay& way = *links_[neighbor.value].way;
  if (way.stream() != nullptr) return;  // the link's own connection has it
  way.begin(*who.stream);
  who.asked = neighbor;
}

void LiveServer::stop_asking(Connection& connection) {
  const auto neighbor = std::exchange(connection.asked, std::nullopt);
  if (!neighbor) return;
  LinkWay& way = *links_[neighbor->value].way;
  if (way.stream() == connection.stream) way.end();
}

void LiveServer::became_link(herd::ConnectionId connection, herd::NeighborId neighbor) {
  Connection& who = connection_of(connection);
  who.neighbor = neighbor;
  who.asked.reset();
  Link& link = links_[neighbor.value];
  link.stream = who.stream;
  if (link.way->stream() != who.stream) link.way->begin(*who.stream);
  give_ticket_back(connection);
  who.stream->set_limits({0, limits().link_unsent});
  who.stream->offer_lines();
  loop().defer([this] {
    arm_timer();
    directory_.link_proven();
  });
}

void LiveServer::redial(herd::NeighborId neighbor) {
  if (!is_up()) return;
  input([this, neighbor] { core_->redial(neighbor, now()); });
}

void LiveServer::cut(herd::NeighborId neighbor, bool with_reset) {
  Link& link = links_[neighbor.value];
  if (link.stream == nullptr) {
    if (!link.dial->is_set()) return;
    link.dial->cancel();
    return fail_dial(neighbor);
  }
  log().info("link to {}: {}", neighbor_name(neighbor), with_reset ? "reset" : "cut");
  Stream& stream = *link.stream;
  if (!is_dialling(stream)) {
    return end_link(herd::ConnectionId{stream.tag()}, neighbor, with_reset);
  }
  drop(stream, neighbor, with_reset);
  leave_link(neighbor, stream);
  fail_dial(neighbor);
}

void LiveServer::end_link(herd::ConnectionId connection, herd::NeighborId neighbor,
                          bool with_reset) {
  Stream& stream = *std::exchange(connection_of(connection).stream, nullptr);
  drop(stream, neighbor, with_reset);
  leave_link(neighbor, stream);
  input([this, connection] { release(connection); });
}

void LiveServer::drop(Stream& stream, herd::NeighborId neighbor, bool with_reset) {
  if (directory_.is_unheard(id(), neighbor)) {
    directory_.keep_until_restored(id(), neighbor, stream);
  } else if (with_reset) {
    stream.reset();
  } else {
    stream.abandon();
  }
}

void LiveServer::leave_link(herd::NeighborId neighbor, const Stream& stream) {
  Link& link = links_[neighbor.value];
  if (link.stream == &stream) link.stream = nullptr;
  if (link.way->stream() == &stream) link.way->end();
}

void LiveServer::drop_overflowing(herd::ConnectionId connection) {
  input_later([this, connection] {
    const Connection& who = connection_of(connection);
    if (who.stream == nullptr || !who.neighbor) return;
    log_end(who, StreamEnd::kOverflow, 0, links_[who.neighbor->value].way->bytes_in_flight());
    end_link(connection, *who.neighbor, false);
  });
}

}  // namespace sim
