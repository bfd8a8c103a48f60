#include "sim/worlds/live/live_server.h"

#include <algorithm>
#include <utility>

#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

const char* reason_text(herd::CloseReason reason) {
  switch (reason) {
    case herd::CloseReason::kPeerDone:
      return "done";
    case herd::CloseReason::kOverlong:
      return "line too long";
    case herd::CloseReason::kBadProof:
      return "bad proof";
    case herd::CloseReason::kNotLinked:
      return "not acknowledged";
    case herd::CloseReason::kReplaced:
      return "dialled again";
    case herd::CloseReason::kSilent:
      return "silent for too long";
  }
  return "";
}

}  // namespace

LiveServer::LiveServer(AlarmClock& alarms, const RunClock& clock, LinkDirectory& directory,
                       herd::Observer& observer, Setup setup)
    : loop_(alarms.loop()),
      clock_(clock),
      directory_(directory),
      setup_(std::move(setup)),
      observer_(*setup_.log, setup_.config.neighbors, observer),
      log_lines_(setup_.log->should_log(spdlog::level::debug)),
      listener_(loop_, [this](uv_stream_t* listener) { accept_connection(listener); }) {
  for (std::uint32_t n = 0; n < setup_.config.neighbors.size(); ++n) {
    Link& link = links_.emplace_back();
    link.way = std::make_unique<LinkWay>(alarms, clock, setup_.ways[n]);
    link.dial = std::make_unique<Alarm>(
        alarms, [this, n] { input([this, n] { dial_now(herd::NeighborId{n}); }); });
  }
  make_core();
  timer_.emplace(this);
  require(uv_timer_init(loop_.uv(), timer_->get()), "a timer");
}

LiveServer::~LiveServer() {
  for_each_stream([](Stream& stream, const auto&) { stream.abandon(); });
}

void LiveServer::make_core() {
  core_.emplace(setup_.id, setup_.config, static_cast<herd::Effects&>(*this), observer_);
}

template <class Action>
void LiveServer::for_each_stream(Action action) {
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) action(*connection.stream, connection.neighbor);
  }
  for (std::uint32_t n = 0; n < links_.size(); ++n) {
    Stream* const stream = links_[n].stream;
    if (stream != nullptr && is_dialling(*stream)) {
      action(*stream, std::optional(herd::NeighborId{n}));
    }
  }
}

std::optional<Error> LiveServer::listen() {
  if (auto error = listener_.open(setup_.host, setup_.port)) {
    return Error{"herd " + setup_.config.herd + ": server " + name() + ": " + error->message};
  }
  setup_.log->info("listening on {}:{}", setup_.host, port());
  return std::nullopt;
}

void LiveServer::start() {
  core_->start(now());
  arm_timer();
}

void LiveServer::stop() {
  setup_.log->info("stopped");
  const herd::Moment moment = now();
  for (std::uint32_t n = 0; n < links_.size(); ++n) {
    links_[n].dial->cancel();
    if (core_->link_is_up(herd::NeighborId{n})) {
      observer_.link_down(setup_.id, herd::NeighborId{n}, moment);
    }
  }
  for_each_stream([this](Stream& stream, const auto& neighbor) { drop(stream, neighbor, true); });
  for (Link& link : links_) {
    link.stream = nullptr;
    link.way->end();
  }
  // libuv has taken one of those that wait, and would end it in good order.
  if (uv_stream_t* const listener = std::exchange(to_accept_, nullptr)) {
    Stream* const stream = Stream::create(loop_, *this, 0);
    stream->accept(listener);
    stream->reset();
  }
  listener_.close();
  kept_inputs_.clear();
  connections_.clear();
  free_connections_.clear();
  open_connections_ = 0;
  asker_.reset();
  uv_timer_stop(timer_->get());
  armed_.reset();
  up_ = paused_ = false;
  ++life_;
  make_core();
}

std::optional<Error> LiveServer::start_again() {
  if (auto error = listener_.reopen()) {
    return Error{"herd " + setup_.config.herd + ": server " + name() +
                 " cannot come back: " + error->message};
  }
  setup_.log->info("started again on {}:{}", setup_.host, port());
  up_ = true;
  start();
  return std::nullopt;
}

void LiveServer::pause() {
  if (!up_ || paused_) return;
  paused_ = true;
  setup_.log->info("paused");
  uv_timer_stop(timer_->get());
  armed_.reset();
  for_each_stream([](Stream& stream, const auto&) { stream.set_reading(false); });
}

void LiveServer::resume() {
  if (!paused_) return;
  paused_ = false;
  setup_.log->info("resumed");
  for (auto& action : std::exchange(kept_inputs_, {})) action();
  for_each_stream([this](Stream& stream, const auto&) {
    stream.set_reading(true);
    if (!is_dialling(stream)) output_drained(stream);
  });
  if (uv_stream_t* const listener = std::exchange(to_accept_, nullptr)) accept_connection(listener);
  arm_timer();
}

void LiveServer::input(std::function<void()> action) {
  if (paused_) {
    kept_inputs_.push_back(std::move(action));
  } else {
    action();
    arm_timer();
  }
}

void LiveServer::input_later(std::function<void()> action) {
  loop_.defer([this, life = life_, action = std::move(action)] {
    if (life == life_) input(action);
  });
}

void LiveServer::send(herd::ConnectionId to, std::string_view text, std::string_view ending) {
  const Connection& connection = connections_[to.value];
  if (connection.stream == nullptr) return;
  if (log_lines_) setup_.log->debug("to {}: {}", connection.peer, text);
  if (connection.neighbor) {
    LinkWay& way = *links_[connection.neighbor->value].way;
    if (way.stream() == connection.stream) {
      way.send(text, ending);
      if (way.bytes_in_flight() > setup_.limits.link_unsent) drop_overflowing(to);
      return;
    }
  }
  connection.stream->write(text, ending);
}

void LiveServer::send_update(herd::ConnectionId link, const herd::RecordView& report) {
  send(link, report.line, "\n");
}

void LiveServer::close(herd::ConnectionId connection, herd::CloseReason reason) {
  Connection& who = connections_[connection.value];
  setup_.log->info("closing {}: {}", who.peer, reason_text(reason));
  if (who.stream == nullptr) return;
  Stream& stream = *who.stream;
  const auto neighbor = who.neighbor;
  if (neighbor && directory_.is_blackhole(setup_.id, *neighbor)) {
    drop(stream, neighbor, false);
    who.stream = nullptr;
    input_later([this, connection] { release(connection); });
  } else {
    stream.finish(true);
    loop_.defer([this] { arm_timer(); });
  }
  if (neighbor) leave_link(*neighbor, stream);
}

void LiveServer::ask_places(herd::QueryId query, const herd::PlacesQuestion& question) {
  const auto fail = [&](const std::string& why) {
    input_later(
        [this, query, why] { places_answer(query.value, PlacesReply::failure(why).cut(0)); });
  };
  if (!setup_.places) return fail("no Places provider was started for this herd");
  if (!asker_) {
    auto made = PlacesAsker::create(loop_.uv(), *setup_.places,
                                    [this](std::uint64_t id, const PlacesAnswer& answer) {
                                      if (!paused_) return places_answer(id, answer);
                                      input([this, id, answer] { places_answer(id, answer); });
                                    });
    if (!made) return fail(made.error());
    asker_ = std::move(*made);
  }
  asker_->ask(query.value, question.location, question.radius_km, question.bound);
}

void LiveServer::places_answer(std::uint64_t query, const PlacesAnswer& answer) {
  if (!answer.error.empty()) {
    setup_.log->warn("Places: {}: {}", answer.status, answer.error);
  } else {
    setup_.log->debug("Places: {}: {} places", answer.status, answer.places);
  }
  core_->places_answered(herd::QueryId{static_cast<std::uint32_t>(query)}, answer.body);
}

std::size_t LiveServer::max_line(const Stream& stream) const {
  return core_->max_line(herd::ConnectionId{stream.tag()});
}

bool LiveServer::line_received(Stream& stream, const herd::Line& line) {
  const herd::ConnectionId id{stream.tag()};
  if (log_lines_) setup_.log->debug("from {}: {}", connections_[id.value].peer, line.text);
  core_->line_received(id, line, moment(loop_.recent_ns()));
  if (connections_[id.value].neighbor) arm_timer();
  if (may_read(stream)) return true;
  ++stats_.clients_held;
  setup_.log->info("holding back {}: {} bytes unsent, {} answers waiting",
                   connections_[id.value].peer, stream.unsent(), core_->waiting_answers(id));
  return false;
}

void LiveServer::overlong_line(Stream& stream, std::string_view first_bytes) {
  core_->overlong_line(herd::ConnectionId{stream.tag()}, first_bytes, now());
  arm_timer();
}

void LiveServer::input_ended(Stream& stream) {
  core_->input_ended(herd::ConnectionId{stream.tag()}, now());
  arm_timer();
}

void LiveServer::output_drained(Stream& stream) {
  if (!paused_ && may_read(stream)) stream.resume_reading();
}

void LiveServer::closed(Stream& stream, StreamEnd end, int error) {
  if (is_dialling(stream)) {
    const herd::NeighborId neighbor = dialled_by(stream);
    setup_.log->debug("link to {}: dialling failed: {}", neighbor_name(neighbor),
                      uv_strerror(error));
    leave_link(neighbor, stream);
    return input([this, neighbor] { core_->dial_failed(neighbor, now()); });
  }
  const herd::ConnectionId id{stream.tag()};
  Connection& who = connections_[id.value];
  log_end(who, end, error, stream.unsent());
  if (who.neighbor) leave_link(*who.neighbor, stream);
  who.stream = nullptr;
  input([this, id] { release(id); });
}

herd::Moment LiveServer::moment(std::uint64_t hrtime_ns) const {
  const herd::Instant run = clock_.at(hrtime_ns);
  return {run, clock_.wall(run) + setup_.skew.after(run - zero_).count()};
}

void LiveServer::accept_connection(uv_stream_t* listener) {
  if (paused_) {
    to_accept_ = listener;
    return;
  }
  Stream* const stream = Stream::create(loop_, *this, 0);
  if (const int error = stream->accept(listener)) {
    setup_.log->warn("cannot accept a connection: {}", uv_strerror(error));
    return stream->abandon();
  }
  const herd::ConnectionId id = add_connection(stream);
  stream->set_tag(id.value);
  stream->set_limits({setup_.limits.client_stall_ns, 0});
  core_->connection_opened(id);
  setup_.log->info("connection from {}", connections_[id.value].peer);
}

herd::ConnectionId LiveServer::add_connection(Stream* stream) {
  if (free_connections_.empty()) {
    free_connections_.push_back(
        herd::ConnectionId{static_cast<std::uint32_t>(connections_.size())});
    connections_.emplace_back();
  }
  const herd::ConnectionId id = free_connections_.back();
  free_connections_.pop_back();
  connections_[id.value] = {stream, std::nullopt, stream->peer()};
  stats_.connections_peak = std::max(stats_.connections_peak, ++open_connections_);
  return id;
}

void LiveServer::release(herd::ConnectionId connection) {
  core_->connection_closed(connection, now());
  connections_[connection.value] = {};
  free_connections_.push_back(connection);
  --open_connections_;
}

bool LiveServer::may_read(const Stream& stream) const {
  const herd::ConnectionId id{stream.tag()};
  if (connections_[id.value].neighbor) return true;
  return stream.unsent() <= setup_.limits.client_unsent &&
         core_->waiting_answers(id) <= setup_.limits.client_waiting;
}

void LiveServer::log_end(const Connection& connection, StreamEnd end, int error,
                         std::size_t unsent) {
  switch (end) {
    case StreamEnd::kOrderly:
      return setup_.log->info("connection {} closed", connection.peer);
    case StreamEnd::kFailed:
      return setup_.log->info("connection {} failed: {}", connection.peer, uv_strerror(error));
    case StreamEnd::kStalled:
      ++stats_.clients_dropped;
      return setup_.log->warn("dropped {}: it took nothing of {} unsent bytes for too long",
                              connection.peer, unsent);
    case StreamEnd::kOverflow:
      ++stats_.links_overflowed;
      return setup_.log->warn("dropped link {}: {} bytes unsent", connection.peer, unsent);
  }
}

void LiveServer::arm_timer() {
  if (!up_ || paused_) return;
  const auto deadline = core_->deadline();
  if (deadline == armed_) return;
  armed_ = deadline;
  if (!deadline) {
    uv_timer_stop(timer_->get());
    return;
  }
  const std::int64_t wait = (*deadline - clock_.now()).count();
  const auto wait_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, wait) / 1'000'000 + 1);
  uv_update_time(loop_.uv());
  uv_timer_start(
      timer_->get(),
      [](uv_timer_t* timer) {
        auto& self = *static_cast<LiveServer*>(timer->data);
        self.armed_.reset();
        self.core_->time_reached(self.now());
        self.arm_timer();
      },
      wait_ms, 0);
}

const std::string& LiveServer::neighbor_name(herd::NeighborId neighbor) const {
  return setup_.config.neighbors[neighbor.value].name;
}

}  // namespace sim
