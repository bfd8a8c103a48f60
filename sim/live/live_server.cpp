#include "sim/live/live_server.h"

#include <algorithm>
#include <utility>

#include "sim/io/address.h"

namespace sim {
namespace {

constexpr int kBacklog = 4096;
// A stream's tag is its ConnectionId, or, while it is dialling, this and its NeighborId.
constexpr std::uint32_t kDialling = 0x8000'0000;

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

LiveServer::LiveServer(IoLoop& loop, const RunClock& clock, LinkDirectory& directory,
                       herd::Observer& observer, Setup setup)
    : loop_(loop),
      clock_(clock),
      directory_(directory),
      observer_(observer),
      setup_(std::move(setup)),
      log_lines_(setup_.log->should_log(spdlog::level::debug)),
      links_(setup_.config.neighbors.size()),
      core_(setup_.id, setup_.config, *this, *this) {
  timer_.emplace(this);
  uv_timer_init(loop_.uv(), timer_->get());
}

LiveServer::~LiveServer() {
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) connection.stream->abandon();
  }
  for (const Link& link : links_) {
    if (link.stream != nullptr && (link.stream->tag() & kDialling) != 0) link.stream->abandon();
  }
}

std::optional<Error> LiveServer::listen() {
  const std::string what = "herd " + setup_.config.herd + ": server " + setup_.config.name +
                           ": cannot listen on " + setup_.host + ":" + std::to_string(setup_.port);
  listener_.emplace(this);
  int error = uv_tcp_init(loop_.uv(), listener_->get());
  if (error != 0) return uv_failure(what, error);

  auto address = numeric_address(setup_.host, setup_.port);
  if (!address) return Error{what + ": not a numeric address"};
  error = uv_tcp_bind(listener_->get(), reinterpret_cast<const sockaddr*>(&*address), 0);
  if (error != 0) return uv_failure(what, error);
  error = uv_listen(reinterpret_cast<uv_stream_t*>(listener_->get()), kBacklog,
                    [](uv_stream_t* stream, int status) {
                      if (status == 0) static_cast<LiveServer*>(stream->data)->accept_connection();
                    });
  if (error != 0) return uv_failure(what, error);

  int size = sizeof *address;
  error = uv_tcp_getsockname(listener_->get(), reinterpret_cast<sockaddr*>(&*address), &size);
  if (error != 0) return uv_failure(what, error);
  port_ = port_of(*address);
  setup_.log->info("listening on {}:{}", setup_.host, port_);
  return std::nullopt;
}

void LiveServer::start() {
  core_.start(now());
  arm_timer();
}

void LiveServer::cut(herd::NeighborId neighbor) {
  Stream* const stream = links_[neighbor.value].stream;
  if (stream == nullptr) return;
  const std::uint32_t tag = stream->tag();
  stream->abandon();
  forget(*stream);
  setup_.log->info("link to {}: cut", neighbor_name(neighbor));
  if ((tag & kDialling) != 0) {
    core_.dial_failed(neighbor, now());
  } else {
    core_.connection_closed(herd::ConnectionId{tag}, now());
  }
  arm_timer();
}

void LiveServer::redial(herd::NeighborId neighbor) {
  core_.redial(neighbor, now());
  arm_timer();
}

std::uint64_t LiveServer::link_bytes_sent(herd::NeighborId neighbor) const {
  const Link& link = links_[neighbor.value];
  return link.bytes + (link.stream != nullptr ? link.stream->bytes_sent() : 0);
}

void LiveServer::send(herd::ConnectionId to, std::string_view text, std::string_view ending) {
  const Connection& connection = connections_[to.value];
  if (log_lines_) setup_.log->debug("to {}: {}", connection.peer, text);
  connection.stream->write(text, ending);
}

void LiveServer::send_update(herd::ConnectionId link, const herd::RecordView& report) {
  send(link, report.line, "\n");
}

void LiveServer::close(herd::ConnectionId connection, herd::CloseReason reason) {
  const Connection& who = connections_[connection.value];
  setup_.log->info("closing {}: {}", who.peer, reason_text(reason));
  who.stream->finish(true);
  loop_.defer([this] { arm_timer(); });
}

void LiveServer::dial(herd::NeighborId neighbor) {
  const auto address = directory_.dial_address(setup_.id, neighbor);
  Stream* stream = nullptr;
  if (address) {
    stream = Stream::create(loop_, *this, kDialling | neighbor.value);
    if (stream->connect(reinterpret_cast<const sockaddr*>(&*address)) == 0) {
      links_[neighbor.value].stream = stream;
      return;
    }
    stream->abandon();
  }
  loop_.defer([this, neighbor] {
    core_.dial_failed(neighbor, now());
    arm_timer();
  });
}

void LiveServer::abandon_dial(herd::NeighborId neighbor) {
  Stream* const stream = links_[neighbor.value].stream;
  if (stream == nullptr) return;
  stream->abandon();
  forget(*stream);
}

void LiveServer::became_link(herd::ConnectionId connection, herd::NeighborId neighbor) {
  Connection& who = connections_[connection.value];
  who.neighbor = neighbor;
  links_[neighbor.value].stream = who.stream;
  who.stream->set_limits({0, setup_.limits.link_unsent});
  setup_.log->info("link to {}: up ({})", neighbor_name(neighbor), who.peer);
  loop_.defer([this] {
    arm_timer();
    directory_.link_proven();
  });
}

void LiveServer::ask_places(herd::QueryId query, const herd::PlacesQuestion& question) {
  const auto fail = [&](const std::string& why) {
    loop_.defer(
        [this, query, why] { places_answer(query.value, PlacesReply::failure(why).cut(0)); });
  };
  if (!setup_.places) return fail("no Places provider was started for this herd");
  if (!asker_) {
    auto made = PlacesAsker::create(
        loop_.uv(), *setup_.places,
        [this](std::uint64_t id, const PlacesAnswer& answer) { places_answer(id, answer); });
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
  core_.places_answered(herd::QueryId{static_cast<std::uint32_t>(query)}, answer.body);
}

void LiveServer::update_heard(herd::ServerId server, const herd::RecordView& report,
                              herd::Verdict verdict, herd::Moment when) {
  observer_.update_heard(server, report, verdict, when);
}

void LiveServer::update_sent(herd::ServerId server, herd::NeighborId to,
                             const herd::RecordView& report, herd::Moment when) {
  observer_.update_sent(server, to, report, when);
}

void LiveServer::update_received(herd::ServerId server, herd::NeighborId from,
                                 const herd::RecordView& report, herd::Verdict verdict,
                                 herd::Moment when) {
  observer_.update_received(server, from, report, verdict, when);
}

void LiveServer::repair_sent(herd::ServerId server, herd::NeighborId to,
                             const herd::RecordView& report, herd::Moment when) {
  observer_.repair_sent(server, to, report, when);
}

void LiveServer::summary_sent(herd::ServerId server, herd::NeighborId to, std::size_t bytes,
                              herd::Moment when) {
  observer_.summary_sent(server, to, bytes, when);
}

void LiveServer::link_in_step(herd::ServerId server, herd::NeighborId neighbor, herd::Moment when) {
  setup_.log->info("link to {}: in step", neighbor_name(neighbor));
  observer_.link_in_step(server, neighbor, when);
}

void LiveServer::link_up(herd::ServerId server, herd::NeighborId neighbor, herd::Moment when) {
  observer_.link_up(server, neighbor, when);
}

void LiveServer::link_down(herd::ServerId server, herd::NeighborId neighbor, herd::Moment when) {
  setup_.log->info("link to {}: down", neighbor_name(neighbor));
  observer_.link_down(server, neighbor, when);
}

void LiveServer::line_refused(herd::ServerId server, std::string_view line,
                              const herd::ParseError& error, bool on_link) {
  // From a neighbour it is worth a warning; clients may send what they like.
  setup_.log->log(on_link ? spdlog::level::warn : spdlog::level::debug, "refused {}: {}",
                  on_link ? "on a link" : "from a client", herd::to_string(error));
  observer_.line_refused(server, line, error, on_link);
}

void LiveServer::query_heard(herd::ServerId server, const herd::Whatsat& query) {
  observer_.query_heard(server, query);
}

void LiveServer::connected(Stream& stream) {
  const herd::NeighborId neighbor{stream.tag() & ~kDialling};
  const herd::ConnectionId id = add_connection(&stream);
  connections_[id.value].neighbor = neighbor;
  stream.set_tag(id.value);
  core_.dialled(neighbor, id, now());
  arm_timer();
}

std::size_t LiveServer::max_line(const Stream& stream) const {
  return core_.max_line(herd::ConnectionId{stream.tag()});
}

bool LiveServer::line_received(Stream& stream, const herd::Line& line) {
  const herd::ConnectionId id{stream.tag()};
  if (log_lines_) setup_.log->debug("from {}: {}", connections_[id.value].peer, line.text);
  core_.line_received(id, line, moment(loop_.recent_ns()));
  if (may_read(stream)) return true;
  ++stats_.clients_held;
  setup_.log->info("holding back {}: {} bytes unsent, {} answers waiting",
                   connections_[id.value].peer, stream.unsent(), core_.waiting_answers(id));
  return false;
}

void LiveServer::overlong_line(Stream& stream, std::string_view first_bytes) {
  core_.overlong_line(herd::ConnectionId{stream.tag()}, first_bytes, now());
  arm_timer();
}

void LiveServer::input_ended(Stream& stream) {
  core_.input_ended(herd::ConnectionId{stream.tag()}, now());
  arm_timer();
}

void LiveServer::output_drained(Stream& stream) {
  if (may_read(stream)) stream.resume_reading();
}

void LiveServer::closed(Stream& stream, StreamEnd end, int error) {
  const std::uint32_t tag = stream.tag();
  if ((tag & kDialling) != 0) {
    const herd::NeighborId neighbor{tag & ~kDialling};
    setup_.log->debug("link to {}: dialling failed: {}", neighbor_name(neighbor),
                      uv_strerror(error));
    forget(stream);
    core_.dial_failed(neighbor, now());
  } else {
    log_end(connections_[tag], end, error);
    forget(stream);
    core_.connection_closed(herd::ConnectionId{tag}, now());
  }
  arm_timer();
}

herd::Moment LiveServer::moment(std::uint64_t hrtime_ns) const {
  const herd::Instant run = clock_.at(hrtime_ns);
  return {run, clock_.wall(run) + setup_.skew.after(herd::Duration(0)).count()};
}

void LiveServer::accept_connection() {
  Stream* const stream = Stream::create(loop_, *this, 0);
  const herd::ConnectionId id = add_connection(stream);
  stream->set_tag(id.value);
  if (const int error = stream->accept(reinterpret_cast<uv_stream_t*>(listener_->get()))) {
    setup_.log->warn("cannot accept a connection: {}", uv_strerror(error));
    stream->abandon();
    return forget(*stream);
  }
  stream->set_limits({setup_.limits.client_stall_ns, 0});
  connections_[id.value].peer = stream->peer();
  core_.connection_opened(id);
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

bool LiveServer::may_read(const Stream& stream) const {
  const herd::ConnectionId id{stream.tag()};
  if (connections_[id.value].neighbor) return true;
  return stream.unsent() <= setup_.limits.client_unsent &&
         core_.waiting_answers(id) <= setup_.limits.client_waiting;
}

void LiveServer::forget(Stream& stream) {
  std::optional<herd::NeighborId> neighbor;
  if ((stream.tag() & kDialling) != 0) {
    neighbor = herd::NeighborId{stream.tag() & ~kDialling};
  } else {
    neighbor = connections_[stream.tag()].neighbor;
    connections_[stream.tag()] = {};
    free_connections_.push_back(herd::ConnectionId{stream.tag()});
    --open_connections_;
  }
  if (!neighbor) return;
  Link& link = links_[neighbor->value];
  link.bytes += stream.bytes_sent();
  if (link.stream == &stream) link.stream = nullptr;
}

void LiveServer::log_end(const Connection& connection, StreamEnd end, int error) {
  switch (end) {
    case StreamEnd::kOrderly:
      return setup_.log->info("connection {} closed", connection.peer);
    case StreamEnd::kFailed:
      return setup_.log->info("connection {} failed: {}", connection.peer, uv_strerror(error));
    case StreamEnd::kStalled:
      ++stats_.clients_dropped;
      return setup_.log->warn("dropped {}: it took nothing of {} unsent bytes for too long",
                              connection.peer, connection.stream->unsent());
    case StreamEnd::kOverflow:
      ++stats_.links_overflowed;
      return setup_.log->warn("dropped link {}: {} bytes unsent", connection.peer,
                              connection.stream->unsent());
  }
}

void LiveServer::arm_timer() {
  const auto deadline = core_.deadline();
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
        self.core_.time_reached(self.now());
        self.arm_timer();
      },
      wait_ms, 0);
}

const std::string& LiveServer::neighbor_name(herd::NeighborId neighbor) const {
  return setup_.config.neighbors[neighbor.value].name;
}

}  // namespace sim
