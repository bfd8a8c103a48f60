#include "sim/worlds/live/server_shell.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

// The time that a connection has to prove that it is a neighbour if there is no room for clients.
constexpr std::uint64_t kNewcomerNs = 5'000'000'000;

}  // namespace

ServerShell::ServerShell(IoLoop& loop, const RunClock& clock, Setup setup)
    : loop_(loop),
      clock_(clock),
      setup_(std::move(setup)),
      log_lines_(log().should_log(spdlog::level::debug)),
      listener_(loop_, [this](uv_stream_t* listener) { accept_connection(listener); }) {}

ServerShell::~ServerShell() {
  for (const Connection& each : connections_) {
    if (each.stream != nullptr) each.stream->abandon();
  }
}

std::optional<Error> ServerShell::listen() {
  if (auto error = listener_.open(host(), setup_.spec.port)) {
    return Error{"herd " + setup_.herd + ": server " + name() + ": " + error->message};
  }
  log().info("listening on {}:{}", host(), port());
  return std::nullopt;
}

void ServerShell::stop() {
  log().info("stopped");
  died();
  for (const Connection& each : connections_) {
    if (each.stream != nullptr) each.stream->reset();
  }
  reset_waiting();
  listener_.close();
  kept_inputs_.clear();
  for (std::uint32_t c = 0; c < connections_.size(); ++c) give_ticket_back(herd::ConnectionId{c});
  connections_.clear();
  free_connections_ = {};
  open_connections_ = 0;
  asker_.reset();
  up_ = paused_ = false;
  ++life_;
}

std::optional<Error> ServerShell::start_again() {
  if (auto error = listener_.reopen()) {
    return Error{"herd " + setup_.herd + ": server " + name() +
                 " cannot come back: " + error->message};
  }
  log().info("started again on {}:{}", host(), port());
  up_ = true;
  start();
  return std::nullopt;
}

void ServerShell::pause() {
  if (!up_ || paused_) return;
  paused_ = true;
  log().info("paused");
  set_active(false);
  for (const Connection& each : connections_) {
    if (each.stream != nullptr) each.stream->set_reading(false);
  }
}

void ServerShell::resume() {
  if (!paused_) return;
  paused_ = false;
  log().info("resumed");
  set_active(true);
  for (auto& action : std::exchange(kept_inputs_, {})) action();
  for (const Connection& each : connections_) {
    if (each.stream == nullptr) continue;
    each.stream->set_reading(true);
    output_drained(*each.stream);
  }
  accept_waiting();
  input_handled();
}

void ServerShell::accept_connection(uv_stream_t* listener) {
  if (paused_) {
    to_accept_ = listener;
    return;
  }
  Stream* const stream = Stream::create(loop_, *this, 0);
  if (const int error = stream->accept(listener)) {
    log().warn("cannot accept a connection: {}", uv_strerror(error));
    return stream->abandon();
  }
  const Connection::Ticket ticket = take_ticket();
  if (ticket == Connection::Ticket::kNone) {
    ++stats_.clients_refused;
    log().log(std::exchange(told_refusal_, true) ? spdlog::level::debug : spdlog::level::warn,
              "refused {}: {} connections from outside are open, which is the limit",
              stream->peer(), limits().budget->max());
    return stream->reset();
  }
  told_refusal_ = told_refusal_ && ticket == Connection::Ticket::kNewcomer;
  const herd::ConnectionId id = add_connection(stream);
  connection_of(id).ticket = ticket;
  Stream::Limits stream_limits{.stall_ns = limits().client_stall_ns,
                               .idle_ns = limits().client_idle_ns};
  if (ticket == Connection::Ticket::kNewcomer) {
    stream_limits.idle_ns = kNewcomerNs;
    newcomers_.push_back(id);
  }
  stream->set_limits(stream_limits);
  client_connected(id);
  log().info("connection from {}", connection_of(id).peer);
}

ServerShell::Connection::Ticket ServerShell::take_ticket() {
  if (limits().budget == nullptr || limits().budget->take()) return Connection::Ticket::kClient;
  if (max_newcomers_ == 0) return Connection::Ticket::kNone;
  if (newcomers_.size() >= max_newcomers_) {
    const herd::ConnectionId oldest = newcomers_.front();
    give_ticket_back(oldest);
    if (Stream* const stream = connection_of(oldest).stream) {
      stream->reset();
      closed(*stream, StreamEnd::kIdle, 0);
    }
  }
  return Connection::Ticket::kNewcomer;
}

void ServerShell::give_ticket_back(herd::ConnectionId id) {
  switch (std::exchange(connection_of(id).ticket, Connection::Ticket::kNone)) {
    case Connection::Ticket::kNone:
      return;
    case Connection::Ticket::kClient:
      if (limits().budget != nullptr) limits().budget->give_back();
      return;
    case Connection::Ticket::kNewcomer:
      std::erase(newcomers_, id);
      return;
  }
}

void ServerShell::accept_waiting() {
  if (uv_stream_t* const listener = std::exchange(to_accept_, nullptr)) accept_connection(listener);
}

// libuv has accepted one connection that waits. Closing the listener would close that connection in
// good order, which is not how a process dies.
void ServerShell::reset_waiting() {
  uv_stream_t* const listener = std::exchange(to_accept_, nullptr);
  if (listener == nullptr) return;
  Stream* const stream = Stream::create(loop_, *this, 0);
  stream->accept(listener);
  stream->reset();
}

herd::ConnectionId ServerShell::add_connection(Stream* stream) {
  const herd::ConnectionId id = free_connections_.take(connections_);
  connection_of(id) = {.stream = stream, .peer = stream->peer()};
  stream->set_tag(id.value);
  stats_.connections_peak = std::max(stats_.connections_peak, ++open_connections_);
  return id;
}

void ServerShell::free_connection(herd::ConnectionId id) {
  give_ticket_back(id);
  connection_of(id) = {};
  free_connections_.give_back(id);
  --open_connections_;
}

void ServerShell::closed(Stream& stream, StreamEnd end, int error) {
  const herd::ConnectionId id{stream.tag()};
  log_end(connection_of(id), end, error, stream.unsent());
  connection_of(id).stream = nullptr;
  connection_ended(id);
}

void ServerShell::log_end(const Connection& connection, StreamEnd end, int error,
                          std::size_t unsent) {
  switch (end) {
    case StreamEnd::kOrderly:
      return log().info("connection {} closed", connection.peer);
    case StreamEnd::kFailed:
      return log().info("connection {} failed: {}", connection.peer, uv_strerror(error));
    case StreamEnd::kStalled:
      ++stats_.clients_dropped;
      return log().warn("dropped {}: it took nothing of {} unsent bytes for too long",
                        connection.peer, unsent);
    case StreamEnd::kIdle:
      return log().info("dropped {}: it sent no line for too long", connection.peer);
    case StreamEnd::kOverflow:
      ++stats_.links_overflowed;
      return log().warn("dropped link {}: {} bytes unsent", connection.peer, unsent);
  }
}

bool ServerShell::may_read(const Stream& stream) const {
  const herd::ConnectionId id{stream.tag()};
  if (connections_[id.value].neighbor) return true;
  return stream.unsent() + waiting_bytes(id) <= limits().client_unsent &&
         waiting_answers(id) <= limits().client_waiting;
}

bool ServerShell::keeps_up(const Stream& stream) {
  if (may_read(stream)) return true;
  ++stats_.clients_held;
  const herd::ConnectionId id{stream.tag()};
  log().info("holding back {}: {} bytes unsent, {} answers of {} bytes waiting",
             connection_of(id).peer, stream.unsent(), waiting_answers(id), waiting_bytes(id));
  return false;
}

void ServerShell::output_drained(Stream& stream) {
  if (paused_) return;
  const herd::ConnectionId id{stream.tag()};
  if (const auto neighbor = connections_[id.value].neighbor) {
    link_drained(*neighbor);
  } else {
    client_drained(id);
  }
  if (may_read(stream)) stream.resume_reading();
}

void ServerShell::input(std::function<void()> action) {
  if (paused_) {
    kept_inputs_.push_back(std::move(action));
  } else {
    action();
    input_handled();
  }
}

void ServerShell::input_later(std::function<void()> action) {
  loop_.defer([this, life = life_, action = std::move(action)] {
    if (life == life_) input(action);
  });
}

void ServerShell::ask_provider(std::uint64_t query, std::string_view location, double radius_km,
                               int bound) {
  const auto fail = [&](const std::string& why) {
    input_later([this, query, why] { hear_places(query, PlacesReply::failure(why).cut(0)); });
  };
  if (!setup_.places) return fail("no Places provider was started for this herd");
  if (!asker_) {
    auto made = PlacesAsker::create(
        loop_.uv(), *setup_.places, [this](std::uint64_t id, const PlacesAnswer& answer) {
          if (!paused_) return hear_places(id, answer);
          kept_inputs_.emplace_back([this, id, answer] { hear_places(id, answer); });
        });
    if (!made) return fail(made.error());
    asker_ = std::move(*made);
  }
  asker_->ask(query, location, radius_km, bound);
}

bool ServerShell::has_waiting_answers() const {
  if (listener_.has_waiting()) return true;
  for (std::uint32_t id = 0; id < connections_.size(); ++id) {
    const Connection& each = connections_[id];
    if (each.stream == nullptr || each.neighbor) continue;
    const bool owes = waiting_answers(herd::ConnectionId{id}) > 0 || each.stream->unsent() > 0;
    if (owes || each.stream->has_input()) return true;
  }
  return false;
}

void ServerShell::hear_places(std::uint64_t query, const PlacesAnswer& answer) {
  if (!answer.error.empty()) {
    log().warn("Places: {}: {}", answer.status, answer.error);
  } else {
    log().debug("Places: {}: {} places", answer.status, answer.places);
  }
  places_answered(query, answer);
}

}  // namespace sim
