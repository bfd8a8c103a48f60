#include "sim/worlds/virtual/virtual_server.h"

#include <algorithm>
#include <utility>

#include "core/prefetch.h"
#include "core/prefetch_memory.h"

namespace sim {

VirtualServer::VirtualServer(VirtualLoop& loop, Pipes& pipes, VirtualLinks& links,
                             VirtualSurroundings& surroundings, herd::Observer& observer,
                             const Setup& setup, herd::ServerConfig config)
    : pipes_(pipes),
      loop_(loop),
      surroundings_(surroundings),
      skew_(setup.skew),
      id_(setup.id),
      service_time_(setup.service_time),
      alive_every_(config.herd->keep_alive ? config.herd->keep_alive->every : Duration(0)),
      links_(links),
      observer_(observer),
      link_ends_(config.neighbors.size()) {
  note_time();
  make_core(std::move(config));
}

void VirtualServer::make_core(herd::ServerConfig config) {
  core_.emplace(id_, std::move(config), static_cast<herd::Effects&>(*this), observer_);
}

void VirtualServer::start() {
  core_->start(now());
  arm();
}

void VirtualServer::stop() {
  const herd::Moment moment = now();
  core_->dies(moment);
  for (std::uint32_t n = 0; n < link_ends_.size(); ++n) {
    if (core_->link_is_up(herd::NeighborId{n})) {
      observer_.link_down(id_, herd::NeighborId{n}, moment);
    }
  }
  for (std::uint32_t c = 0; c < connections_.size(); ++c) {
    if (connections_[c].in != kNoPipe) drop(herd::ConnectionId{c}, true);
  }
  for (std::uint32_t n = 0; n < link_ends_.size(); ++n) {
    links_.way_out(adjacent(herd::NeighborId{n})).end(pipes_);
    link_ends_[n] = {.dials = link_ends_[n].dials + 1};
  }
  for (const Input& each : waiting_) {
    if (each.pipe != kNoPipe) pipes_.done(each.pipe, each.piece);
  }
  waiting_.clear();
  serving_until_.reset();
  first_served_ = false;
  for (Connection& connection : connections_) connection = {.serial = connection.serial};
  free_connections_.give_back_all(static_cast<std::uint32_t>(connections_.size()));
  open_connections_ = 0;
  armed_ = herd::Instant::max();
  up_ = paused_ = false;
  note_time();
  ++life_;
  make_core(core_->config());
}

void VirtualServer::start_again() {
  up_ = true;
  start();
}

void VirtualServer::pause() {
  if (up_) paused_ = true;
  note_time();
}

void VirtualServer::resume() {
  if (!paused_) return;
  paused_ = false;
  work();
}

void VirtualServer::input(std::function<void()> action) {
  if (paused_) {
    waiting_.push_back({kNoPipe, {}, {}, std::move(action)});
    note_time();
  } else {
    action();
    arm();
  }
}

void VirtualServer::input_later(std::function<void()> action) {
  surroundings_.do_at(id_.value, loop_.now(), [this, life = life_, action = std::move(action)] {
    if (life == life_) input(action);
  });
}

void VirtualServer::arrived(PipeId pipe, PipeEnd end, Piece piece) {
  if (has_time_) {
    handle(pipe, end, piece);
    return arm();
  }
  waiting_.push_back({pipe, end, piece, nullptr});
  work();
}

void VirtualServer::prefetch_report() const {
  herd::prefetch_memory(
      reinterpret_cast<const char*>(this),
      reinterpret_cast<const char*>(&core_) + herd::Server::Prefetch::kFirstBytes);
}

void VirtualServer::prefetch_core() const {
  const auto* const core = reinterpret_cast<const char*>(&core_);
  herd::prefetch_memory(core + herd::Server::Prefetch::kFirstBytes,
                        core + herd::Server::Prefetch::kNewsBytes);
  herd::prefetch_memory(&connections_);
}

void VirtualServer::prefetch_tables(std::uint32_t client_hash) const {
  core_->prefetch().slot(client_hash);
  core_->prefetch().links();
  herd::prefetch_all(connections_);
}

void VirtualServer::prefetch_sending(std::uint32_t client_hash) const {
  core_->prefetch().record(client_hash);
  for (const Connection& each : connections_) {
    if (each.neighbor != kNobody) pipes_.prefetch_sending(each.out);
  }
}

void VirtualServer::prefetch_paths() const {
  for (const Connection& each : connections_) {
    if (each.neighbor != kNobody) pipes_.prefetch_path(each.out);
  }
}

void VirtualServer::note_time() {
  const bool had_time = has_time_;
  has_time_ = waiting_.empty() && !paused_ && service_time_ == Duration(0);
  if (has_time_ != had_time) surroundings_.has_time_changed(has_time_);
}

void VirtualServer::work() {
  while (!paused_ && !waiting_.empty()) {
    const Input& first = waiting_.front();
    if (first.pipe != kNoPipe && service_time_ > Duration(0) && !first_served_ &&
        first.piece.kind() != Piece::Kind::kEnd && pipes_.is_listened_to(first.pipe, first.piece)) {
      note_time();
      if (serving_until_) return;
      serving_until_ = loop_.now() + service_time_;
      return surroundings_.serve_at(id_.value, *serving_until_);
    }
    first_served_ = false;
    const Input input = std::move(waiting_.front());
    waiting_.pop_front();
    if (input.pipe == kNoPipe) {
      input.action();
    } else {
      handle(input.pipe, input.end, input.piece);
    }
  }
  note_time();
  arm();
}

void VirtualServer::line_served() {
  // The server died meanwhile, or the line's connection ended and the line was skipped.
  if (serving_until_ != loop_.now()) return;
  serving_until_.reset();
  first_served_ = true;
  work();
}

void VirtualServer::handle(PipeId pipe, PipeEnd end, Piece piece) {
  if (pipes_.is_listened_to(pipe, piece)) {
    const herd::ConnectionId from{end.connection};
    switch (piece.kind()) {
      case Piece::Kind::kReport: {
        const herd::RecordView& report = pipes_.report(piece);
        if (end.link == PipeEnd::kNoLink || pipes_.as_text()) {
          handle_text(from, report.kept->ended_line());
        } else {
          core_->record_received(herd::NeighborId{end.link}, report, now());
        }
        break;
      }
      case Piece::Kind::kText:
        handle_text(from, pipes_.text(piece));
        break;
      case Piece::Kind::kEnd:
        connections_[end.connection].heard_goodbye = true;
        if (connections_[end.connection].said_goodbye) {
          release(from);
        } else {
          core_->input_ended(from, now());
        }
        break;
    }
  }
  pipes_.done(pipe, piece);
  if (newly_proven_ != kNobody) [[unlikely]] {
    const herd::NeighborId proven{std::exchange(newly_proven_, kNobody)};
    surroundings_.link_came_up({id_.value, proven});
  }
}

void VirtualServer::handle_text(herd::ConnectionId connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const herd::FramedLine next = herd::take_line(bytes, core_->max_line(connection));
    if (next.status == herd::Framing::kTooLong) {
      return core_->overlong_line(connection, next.line.text, now());
    }
    core_->line_received(connection, next.line, now());
  }
}

void VirtualServer::send(herd::ConnectionId to, std::string_view text, std::string_view ending) {
  const Connection& connection = connections_[to.value];
  if (connection.out == kNoPipe) return;
  if (connection.neighbor == kNobody) return tell_client(connection.out, text, ending);
  pipes_.send_text(connection.out, text, ending);
  if (pipes_.bytes_in_flight(connection.out) > kMaxLinkUnsent) drop_overflowing(to);
}

// Each line of an answer crosses the client's access link by itself.
void VirtualServer::tell_client(PipeId out, std::string_view text, std::string_view ending) {
  if (ending.size() <= 2 && text.find('\n') == text.npos) {
    return pipes_.send_text(out, text, ending);
  }
  const std::string lines = std::string(text) + std::string(ending);
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size() - 1) + 1;
    pipes_.send_text(out, std::string_view(lines).substr(at, end - at), "");
    at = end;
  }
}

void VirtualServer::relay_update(std::span<const herd::ConnectionId> links,
                                 const herd::RecordView& report) {
  const Pipes::Sending sending(pipes_, report);
  for (const herd::ConnectionId link : links) {
    const PipeId out = connections_[link.value].out;
    if (out == kNoPipe) continue;
    sending.put(out);
    if (pipes_.bytes_in_flight(out) > kMaxLinkUnsent) drop_overflowing(link);
  }
}

herd::Instant VirtualServer::room_at(herd::NeighborId neighbor, std::size_t bytes) const {
  const std::uint32_t link = link_ends_[neighbor.value].connection;
  if (link == kNobody || connections_[link].out == kNoPipe) return herd::Instant::min();
  return pipes_.room_at(connections_[link].out, bytes);
}

void VirtualServer::way_changed(herd::NeighborId neighbor) {
  if (up_) input([this, neighbor] { core_->link_drained(neighbor, now()); });
}

void VirtualServer::close(herd::ConnectionId connection, herd::CloseReason) {
  Connection& who = connections_[connection.value];
  if (who.out == kNoPipe) return;
  end_assurance(connection);
  if (who.neighbor != kNobody && is_unheard(who.neighbor)) {
    drop(connection, false);
    return let_go(connection, true);
  }
  // As when a connection is cut: the link loses what it has in flight. What only asked to be a link
  // still gets its answers.
  const bool is_link =
      who.neighbor != kNobody && link_ends_[who.neighbor].connection == connection.value;
  if (is_link) pipes_.lose(who.out);
  pipes_.send_end(who.out);
  leave_link(connection);
  leave_pipe(who);
  pipes_.stop_listening(who.in);
  who.said_goodbye = true;
  if (who.heard_goodbye) let_go(connection, true);
}

void VirtualServer::ask_places(herd::QueryId query, const herd::PlacesQuestion& question) {
  surroundings_.ask_places(id_.value, query, question);
}

void VirtualServer::places_answer(herd::QueryId query, std::uint32_t life, herd::SharedText json) {
  if (life != life_) return;
  input([this, query, json = std::move(json)] { core_->places_answered(query, json); });
}

herd::ConnectionId VirtualServer::accept(PipeId out) {
  const herd::ConnectionId id = add_connection(kNoPipe, out);
  // At once, also during a pause: nothing that concerns the connection may come before.
  core_->connection_opened(id);
  return id;
}

herd::ConnectionId VirtualServer::add_connection(PipeId in, PipeId out) {
  const herd::ConnectionId id = free_connections_.take(connections_);
  Connection& connection = connections_[id.value];
  connection = {.in = in, .out = out, .serial = connection.serial + 1};
  connections_peak_ = std::max(connections_peak_, ++open_connections_);
  return id;
}

void VirtualServer::release(herd::ConnectionId connection) {
  core_->connection_closed(connection, now());
  Connection& gone = connections_[connection.value];
  if (gone.in != kNoPipe) pipes_.shut(gone.in);
  leave_pipe(gone);
  gone = {.serial = gone.serial};
  free_connections_.give_back(connection);
  --open_connections_;
}

void VirtualServer::let_go(herd::ConnectionId connection, bool later) {
  if (std::exchange(connections_[connection.value].leaving, true)) return;
  const auto action = [this, connection] { release(connection); };
  later ? input_later(action) : input(action);
}

void VirtualServer::was_reset(herd::ConnectionId connection) {
  Connection& broken = connections_[connection.value];
  end_assurance(connection);
  if (broken.in != kNoPipe) pipes_.shut(broken.in);
  broken.in = kNoPipe;
  leave_link(connection);
  leave_pipe(broken);
  let_go(connection, false);
}

void VirtualServer::drop(herd::ConnectionId connection, bool with_reset) {
  Connection& who = connections_[connection.value];
  end_assurance(connection);
  pipes_.shut(who.in);
  who.in = kNoPipe;
  if (who.out == kNoPipe) return;
  leave_link(connection);
  const PipeEnd peer = pipes_.end(who.out);
  tell_of_drop(who, peer, with_reset);
  leave_pipe(who);
}

void VirtualServer::tell_of_drop(const Connection& dropped, const PipeEnd& peer, bool with_reset) {
  // A client still receives what is on its access link.
  if (peer.is_client()) return surroundings_.client_was_reset(peer.connection);
  pipes_.lose(dropped.out);
  // The peer is gone already, unnoticed behind a blackhole: another connection may have its place.
  if (pipes_.is_shut(dropped.out)) return;
  VirtualServer& other = surroundings_.server(peer.server);
  const herd::ConnectionId there{peer.connection};
  if (dropped.neighbor != kNobody && is_unheard(dropped.neighbor)) {
    kept_.push_back({dropped.neighbor, peer, other.serial_of(there)});
  } else if (with_reset) {
    other.was_reset(there);
  } else {
    pipes_.send_end(dropped.out);
  }
}

void VirtualServer::leave_pipe(Connection& connection) {
  if (connection.out != kNoPipe) pipes_.leave(connection.out);
  connection.out = kNoPipe;
}

void VirtualServer::wake_at_deadline() {
  armed_ = core_->due();
  // With ALIVE lines that are played, there would be a wake-up of this moment.
  if (armed_ <= loop_.now() && would_look_now()) {
    return surroundings_.wake_late_at(id_.value, loop_.now());
  }
  surroundings_.wake_at(id_.value, std::max(armed_, loop_.now()));
}

void VirtualServer::deadline_reached() {
  // Another wake-up will come, or none is needed.
  if (armed_ > loop_.now()) return;
  armed_ = herd::Instant::max();
  if (!up_ || paused_) return;
  if (core_->due() <= loop_.now()) core_->time_reached(now());
  arm();
}

}  // namespace sim
