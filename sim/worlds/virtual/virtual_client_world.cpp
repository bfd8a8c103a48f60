#include "sim/worlds/virtual/virtual_client_world.h"

#include <algorithm>
#include <utility>

namespace sim {

VirtualClientWorld::VirtualClientWorld(VirtualLoop& loop, VirtualHerd& herd,
                                       std::vector<std::unique_ptr<AccessLink>> links)
    : loop_(loop),
      herd_(herd),
      pipes_(herd.pipes()),
      tasks_(loop),
      links_(std::move(links)),
      handler_number_(loop.add_handler(*this)) {
  herd.set_client_ends(*this);
}

void VirtualClientWorld::wake_at(herd::Instant when) {
  loop_.add(std::max(loop_.now(), zero_ + when.time_since_epoch()), handler_number_, 0,
            ++wake_ups_);
}

void VirtualClientWorld::happen(std::uint32_t /*target*/, std::uint32_t payload) {
  if (payload == wake_ups_) handler_->time_reached();
}

ClientConnection VirtualClientWorld::connect(std::uint32_t client, std::uint32_t server) {
  const ClientConnection id = free_.take(connections_);
  Connection& made = connections_[id.value];
  made = {.client = client, .server = server, .serial = made.serial + 1};
  Duration delay{0};
  if (AccessLink* const link = links_[client].get()) {
    delay = connect_delay(link->up, link->down.conditions(), loop_.now());
  }
  tasks_.at(loop_.now() + delay, client, [this, id, serial = made.serial] { dial(id, serial); });
  return id;
}

void VirtualClientWorld::dial(ClientConnection id, std::uint32_t serial) {
  Connection& dialling = connections_[id.value];
  if (dialling.serial != serial) return;
  AccessLink* const link = links_[dialling.client].get();
  if (!herd_.accepts(dialling.server)) {
    // The refusal has to come back.
    herd::Instant refused = herd::Instant::min();
    refused = link == nullptr ? loop_.now() : link->down.arrival(loop_.now(), 0, refused);
    return tasks_.at(refused, dialling.client, [this, id, serial] {
      if (connections_[id.value].serial == serial) gone(id, false, "connection refused");
    });
  }
  dialling.pipes = herd_.connect_client(dialling.server, id.value);
  if (link != nullptr) {
    pipes_.set_path(dialling.pipes.up, PipePath(link->up));
    pipes_.set_path(dialling.pipes.down, PipePath(link->down));
  }
  dialling.stands = true;
  if (!dialling.said.empty()) {
    pipes_.send_text(dialling.pipes.up, std::exchange(dialling.said, {}), "");
  }
  if (dialling.finished) say_end(dialling);
  handler_->connected(id);
}

void VirtualClientWorld::send(ClientConnection connection, std::string_view line) {
  Connection& via = connections_[connection.value];
  if (!via.stands) {
    via.said.append(line).append("\n");
  } else if (via.pipes.up != kNoPipe) {
    pipes_.send_text(via.pipes.up, line, "\n");
  }
}

bool VirtualClientWorld::at_rest(ClientConnection connection) const {
  const Connection& via = connections_[connection.value];
  if (!via.stands || via.pipes.up == kNoPipe) return false;
  if (!pipes_.is_empty(via.pipes.up) || !pipes_.is_empty(via.pipes.down)) return false;
  const PipeEnd there = pipes_.end(via.pipes.up);
  const VirtualServer& server = std::as_const(herd_).server(there.server);
  return server.has_answered_all(herd::ConnectionId{there.connection});
}

void VirtualClientWorld::finish(ClientConnection connection) {
  Connection& via = connections_[connection.value];
  via.finished = true;
  if (via.stands) say_end(via);
}

void VirtualClientWorld::say_end(Connection& connection) {
  if (connection.pipes.up == kNoPipe) return;
  pipes_.send_end(connection.pipes.up);
  pipes_.leave(std::exchange(connection.pipes.up, kNoPipe));
}

void VirtualClientWorld::arrived(std::uint32_t client_connection, PipeId pipe, Piece piece) {
  const ClientConnection id{client_connection};
  if (piece.kind() == Piece::Kind::kEnd) {
    Connection& ended = connections_[client_connection];
    pipes_.done(pipe, piece);
    if (ended.pipes.up != kNoPipe) {
      pipes_.lose(ended.pipes.up);
      say_end(ended);
    }
    return ended.broken ? gone(id, false, "connection reset by peer") : gone(id, true, "");
  }
  // A copy: what is handed over may have more said.
  line_ = pipes_.text(piece);
  pipes_.done(pipe, piece);
  std::string_view line = line_;
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  handler_->line_received(id, line);
}

void VirtualClientWorld::was_reset(std::uint32_t client_connection) {
  Connection& broken = connections_[client_connection];
  broken.broken = true;
  pipes_.send_end(broken.pipes.down);
}

void VirtualClientWorld::gone(ClientConnection id, bool orderly, std::string_view why) {
  handler_->disconnected(id, orderly, why);
  Connection& over = connections_[id.value];
  if (over.pipes.down != kNoPipe) pipes_.shut(over.pipes.down);
  if (over.pipes.up != kNoPipe) pipes_.leave(over.pipes.up);
  over = {.serial = over.serial};
  free_.give_back(id);
}

}  // namespace sim
