#include "sim/worlds/live/live_server.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "sim/base/io/set_up_error.h"

namespace sim {
namespace {

const char* reason_text(herd::CloseReason reason) {
  switch (reason) {
    case herd::CloseReason::kPeerDone:
      return "done";
    case herd::CloseReason::kOverlong:
      return "line too long";
    case herd::CloseReason::kBadHandshake:
      return "bad handshake";
    case herd::CloseReason::kNotLinked:
      return "the neighbour did not complete the handshake";
    case herd::CloseReason::kRedialled:
      return "dialled again";
    case herd::CloseReason::kReplaced:
      return "replaced, because the neighbour has opened another link";
    case herd::CloseReason::kSilent:
      return "silent for too long";
  }
  return "";
}

// Returns whether a connection that was let in only as a neighbour may go on after this line.
bool may_prove_itself(const herd::Line& line) {
  return std::holds_alternative<herd::Handshake>(herd::parse_client_line(line.text)) ||
         std::holds_alternative<std::string_view>(herd::parse_handshake_token("MAC", line.text));
}

}  // namespace

LiveServer::LiveServer(AlarmClock& alarms, const RunClock& clock, LinkDirectory& directory,
                       herd::Observer& observer, Setup setup)
    : ServerShell(alarms.loop(), clock, std::move(setup.shell)),
      directory_(directory),
      config_(std::move(setup.config)),
      observer_(log(), config_.neighbors, observer),
      alarm_(alarms, [this] { deadline_reached(); }) {
  for (std::uint32_t n = 0; n < config_.neighbors.size(); ++n) {
    Link& link = links_.emplace_back();
    link.way = std::make_unique<LinkWay>(alarms, clock, setup.ways[n]);
    link.dial = std::make_unique<Alarm>(
        alarms, [this, n] { input([this, n] { dial_now(herd::NeighborId{n}); }); });
  }
  make_core();
  const auto& neighbors = config_.neighbors;
  set_max_newcomers(static_cast<std::size_t>(std::count_if(
      neighbors.begin(), neighbors.end(), [](const auto& each) { return !each.dials; })));
}

LiveServer::~LiveServer() {
  for (const Link& link : links_) {
    if (link.stream != nullptr && is_dialling(*link.stream)) link.stream->abandon();
  }
}

void LiveServer::make_core() {
  core_.emplace(id(), config_, static_cast<herd::Effects&>(*this), observer_);
}

void LiveServer::start() {
  core_->start(now());
  arm_timer();
}

void LiveServer::died() {
  const herd::Moment moment = now();
  core_->dies(moment);
  for (std::uint32_t n = 0; n < links_.size(); ++n) {
    links_[n].dial->cancel();
    if (core_->link_is_up(herd::NeighborId{n})) {
      observer_.link_down(id(), herd::NeighborId{n}, moment);
    }
  }
  for (Connection& each : connections()) {
    if (each.stream == nullptr || !each.neighbor) continue;
    drop(*std::exchange(each.stream, nullptr), *each.neighbor, true);
  }
  for (std::uint32_t n = 0; n < links_.size(); ++n) {
    Stream* const stream = std::exchange(links_[n].stream, nullptr);
    if (stream != nullptr && is_dialling(*stream)) drop(*stream, herd::NeighborId{n}, true);
    links_[n].way->end();
  }
  stop_timer();
  make_core();
}

void LiveServer::set_active(bool active) {
  if (!active) stop_timer();
  for (const Link& link : links_) {
    if (link.stream != nullptr && is_dialling(*link.stream)) link.stream->set_reading(active);
  }
}

void LiveServer::send(herd::ConnectionId to, std::string_view text, std::string_view ending) {
  const Connection& connection = connection_of(to);
  if (connection.stream == nullptr) return;
  log_sent(connection, text);
  send_out(to, text, ending);
}

void LiveServer::send_out(herd::ConnectionId to, std::string_view text, std::string_view ending) {
  const Connection& connection = connection_of(to);
  if (const auto& neighbor = connection.neighbor ? connection.neighbor : connection.asked) {
    LinkWay& way = *links_[neighbor->value].way;
    if (way.stream() == connection.stream) {
      const bool is_delayed = way.send(text, ending);
      if (is_delayed && way.bytes_in_flight() > limits().link_unsent) drop_overflowing(to);
      return;
    }
  }
  connection.stream->write(text, ending);
}

void LiveServer::send_update(herd::ConnectionId link, const herd::RecordView& report) {
  if (report.kept == nullptr) return send(link, report.line, herd::kLinkEnding);
  const Connection& connection = connection_of(link);
  if (connection.stream == nullptr) return;
  log_sent(connection, report.line);
  send_out(link, report.kept->ended_line(), "");  // one copy in place of two
}

void LiveServer::close(herd::ConnectionId connection, herd::CloseReason reason) {
  Connection& who = connection_of(connection);
  const bool is_odd = reason == herd::CloseReason::kReplaced;
  log().log(is_odd ? spdlog::level::warn : spdlog::level::info, "closing {}: {}", who.peer,
            reason_text(reason));
  if (who.stream == nullptr) return;
  Stream& stream = *who.stream;
  const auto neighbor = who.neighbor;
  if (neighbor && directory_.is_unheard(id(), *neighbor)) {
    drop(stream, *neighbor, false);
    who.stream = nullptr;
    input_later([this, connection] { release(connection); });
  } else {
    stream.finish(true);
    loop().defer([this] { arm_timer(); });
  }
  if (neighbor) leave_link(*neighbor, stream);
}

void LiveServer::ask_places(herd::QueryId query, const herd::PlacesQuestion& question) {
  ask_provider(query.value, question.location, question.radius_km, question.bound);
}

void LiveServer::places_answered(std::uint64_t query, const PlacesAnswer& answer) {
  core_->places_answered(herd::QueryId{static_cast<std::uint32_t>(query)}, answer.body);
}

std::size_t LiveServer::max_line(const Stream& stream) const {
  return core_->max_line(herd::ConnectionId{stream.tag()});
}

bool LiveServer::line_received(Stream& stream, const herd::Line& line) {
  const herd::ConnectionId id{stream.tag()};
  log_received(connection_of(id), line.text);
  if (connection_of(id).asked) stop_asking(connection_of(id));
  if (is_newcomer(id) && !may_prove_itself(line)) {
    log().debug("closing {}: there is no room for clients", connection_of(id).peer);
    stream.finish(true);
    return true;
  }
  core_->line_received(id, line, moment(loop().recent_ns()));
  arm_timer();
  return connection_of(id).neighbor || keeps_up(stream);
}

std::size_t LiveServer::lines_offered(Stream& stream, std::string_view bytes) {
  if (logs_lines()) return 0;
  const herd::ConnectionId id{stream.tag()};
  std::size_t taken = 0;
  do {
    const std::uint64_t reading = taken == 0 ? loop().recent_ns() : loop().now_ns();
    const std::size_t more = core_->expected_lines_received(
        id, bytes.substr(taken), IoLoop::kLinesAReading, moment(reading));
    if (more == 0) break;
    taken += more;
  } while (taken < bytes.size());
  if (taken > 0) arm_timer();
  return taken;
}

void LiveServer::overlong_line(Stream& stream, std::string_view first_bytes) {
  core_->overlong_line(herd::ConnectionId{stream.tag()}, first_bytes, now());
  arm_timer();
}

void LiveServer::input_ended(Stream& stream) {
  core_->input_ended(herd::ConnectionId{stream.tag()}, now());
  arm_timer();
}

void LiveServer::closed(Stream& stream, StreamEnd end, int error) {
  if (is_dialling(stream)) {
    const herd::NeighborId neighbor = dialled_by(stream);
    log().debug("link to {}: dialling failed: {}", neighbor_name(neighbor), uv_strerror(error));
    leave_link(neighbor, stream);
    return fail_dial(neighbor);
  }
  stop_asking(connection_of(stream));
  if (const auto neighbor = connection_of(stream).neighbor) leave_link(*neighbor, stream);
  ServerShell::closed(stream, end, error);
}

void LiveServer::client_connected(herd::ConnectionId connection) {
  core_->connection_opened(connection);
}

void LiveServer::connection_ended(herd::ConnectionId connection) {
  input([this, connection] { release(connection); });
}

std::size_t LiveServer::waiting_answers(herd::ConnectionId connection) const {
  return core_->waiting_answers(connection);
}

std::size_t LiveServer::waiting_bytes(herd::ConnectionId connection) const {
  return core_->waiting_bytes(connection);
}

void LiveServer::client_drained(herd::ConnectionId connection) {
  core_->output_drained(connection);
}

void LiveServer::link_drained(herd::NeighborId neighbor) {
  core_->link_drained(neighbor, now());
  arm_timer();
}

void LiveServer::set_way(herd::NeighborId neighbor, const LinkConditions& conditions) {
  way(neighbor).set(conditions);
  input([this, neighbor] { link_drained(neighbor); });
}

bool LiveServer::has_room(herd::ConnectionId client) const {
  const Stream* const stream = connection_of(client).stream;
  return stream == nullptr || ServerShell::has_room(*stream);
}

herd::Instant LiveServer::room_at(herd::NeighborId neighbor, std::size_t bytes) const {
  const LinkWay& way = *links_[neighbor.value].way;
  // What the emulated link has let through may wait for the socket.
  if (way.stream() != nullptr && way.stream()->unsent() >= bytes) return herd::Instant::max();
  return way.room_at(bytes);
}

void LiveServer::release(herd::ConnectionId connection) {
  core_->connection_closed(connection, now());
  free_connection(connection);
}

void LiveServer::stop_timer() {
  alarm_.cancel();
  armed_ = herd::Instant::max();
}

void LiveServer::arm_timer() {
  if (!is_up() || is_paused()) return;
  const herd::Instant due = core_->due();
  if (due == armed_) return;
  armed_ = due;
  if (due != herd::Instant::max()) {
    alarm_.set(clock().hrtime_of(due));
  } else {
    alarm_.cancel();
  }
}

void LiveServer::deadline_reached() {
  armed_ = herd::Instant::max();
  core_->time_reached(now());
  arm_timer();
}

const std::string& LiveServer::neighbor_name(herd::NeighborId neighbor) const {
  return config_.neighbors[neighbor.value].name;
}

}  // namespace sim
