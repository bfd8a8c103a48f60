#include "sim/engines/central/front_end.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/format.h"
#include "core/limits.h"
#include "core/parse.h"
#include "sim/worlds/places/places_answer.h"

namespace sim {

FrontEnd::FrontEnd(IoLoop& loop, const RunClock& clock, FrontEndObserver& observer, Setup setup)
    : loop_(loop),
      clock_(clock),
      observer_(observer),
      setup_(std::move(setup)),
      log_lines_(setup_.log->should_log(spdlog::level::debug)),
      listener_(loop_, [this](uv_stream_t* listener) { accept_connection(listener); }),
      database_(loop, setup_.database,
                {[this](Ticket ticket, const herd::RecordView& report, herd::Verdict verdict) {
                   stored(ticket, report, verdict);
                 },
                 [this](Ticket ticket, const std::optional<std::string>& report) {
                   found(ticket, report);
                 },
                 [this](Ticket ticket, const std::string& why) { given_up(ticket, why); },
                 [this](bool is_up, const std::string& why) {
                   if (is_up) {
                     setup_.log->info("connected to the database");
                   } else {
                     setup_.log->info("lost the database: {}", why);
                   }
                   observer_.database_up(setup_.id, is_up, now());
                 }}) {
  database_.set_timeout(setup_.timeout);
}

FrontEnd::~FrontEnd() {
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) connection.stream->abandon();
  }
}

std::optional<Error> FrontEnd::listen() {
  if (auto error = listener_.open(setup_.spec.host, setup_.spec.port)) {
    return Error{"herd " + setup_.herd + ": server " + name() + ": " + error->message};
  }
  setup_.log->info("listening on {}:{}", setup_.spec.host, port());
  return std::nullopt;
}

void FrontEnd::stop() {
  setup_.log->info("stopped");
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) connection.stream->reset();
  }
  // libuv has taken one of those that wait, and would end it in good order.
  if (uv_stream_t* const listener = std::exchange(to_accept_, nullptr)) {
    Stream* const stream = Stream::create(loop_, *this, 0);
    stream->accept(listener);
    stream->reset();
  }
  listener_.close();
  retire();
  kept_inputs_.clear();
  connections_.clear();
  free_connections_.clear();
  asked_by_.clear();
  open_connections_ = 0;
  asker_.reset();
  up_ = paused_ = false;
  ++life_;
}

void FrontEnd::retire() {
  for (const herd::Record& report : database_.stop()) {
    observer_.report_in_doubt(setup_.id, report.view());
  }
}

std::optional<Error> FrontEnd::start_again() {
  if (auto error = listener_.reopen()) {
    return Error{"herd " + setup_.herd + ": server " + name() +
                 " cannot come back: " + error->message};
  }
  setup_.log->info("started again on {}:{}", setup_.spec.host, port());
  up_ = true;
  start();
  return std::nullopt;
}

void FrontEnd::pause() {
  if (!up_ || paused_) return;
  paused_ = true;
  setup_.log->info("paused");
  database_.set_active(false);
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) connection.stream->set_reading(false);
  }
}

void FrontEnd::resume() {
  if (!paused_) return;
  paused_ = false;
  setup_.log->info("resumed");
  database_.set_active(true);
  for (auto& action : std::exchange(kept_inputs_, {})) action();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    Stream* const stream = connections_[i].stream;
    if (stream == nullptr) continue;
    stream->set_reading(true);
    output_drained(*stream);
  }
  if (uv_stream_t* const listener = std::exchange(to_accept_, nullptr)) accept_connection(listener);
}

herd::Moment FrontEnd::now() const {
  const herd::Instant run = clock_.at(loop_.recent_ns());
  return {run, clock_.wall(run) + setup_.spec.skew.after(run - zero_).count()};
}

void FrontEnd::accept_connection(uv_stream_t* listener) {
  if (paused_) {
    to_accept_ = listener;
    return;
  }
  Stream* const stream = Stream::create(loop_, *this, 0);
  if (const int error = stream->accept(listener)) {
    setup_.log->warn("cannot accept a connection: {}", uv_strerror(error));
    return stream->abandon();
  }
  if (free_connections_.empty()) {
    free_connections_.push_back(static_cast<std::uint32_t>(connections_.size()));
    connections_.emplace_back();
  }
  const std::uint32_t number = free_connections_.back();
  free_connections_.pop_back();
  connections_[number].stream = stream;
  connections_[number].peer = stream->peer();
  stream->set_tag(number);
  stream->set_limits({setup_.limits.client_stall_ns, 0});
  stats_.connections_peak = std::max(stats_.connections_peak, ++open_connections_);
  setup_.log->info("connection from {}", connections_[number].peer);
}

void FrontEnd::release(std::uint32_t number) {
  for (const Due& due : connections_[number].due) asked_by_.erase(due.ticket);
  connections_[number] = {};
  free_connections_.push_back(number);
  --open_connections_;
}

std::size_t FrontEnd::max_line(const Stream&) const { return herd::kMaxClientLine; }

bool FrontEnd::line_received(Stream& stream, const herd::Line& line) {
  Connection& connection = connection_of(stream);
  if (log_lines_) setup_.log->debug("from {}: {}", connection.peer, line.text);
  const herd::ClientCommand command = herd::parse_client_line(line.text);
  if (const auto* report = std::get_if<herd::Iamat>(&command)) {
    handle(stream, line, *report);
  } else if (const auto* query = std::get_if<herd::Whatsat>(&command)) {
    handle(stream, line, *query);
  } else if (const auto* error = std::get_if<herd::ParseError>(&command)) {
    refuse(stream, line.text, line.ending, *error);
  } else {
    // There are no links to greet.
    refuse(stream, line.text, line.ending, {herd::ParseCode::kOutOfPlace, 0, {}});
  }
  if (may_read(stream)) return true;
  ++stats_.clients_held;
  setup_.log->info("holding back {}: {} bytes unsent, {} answers waiting", connection.peer,
                   stream.unsent(), connection.due.size());
  return false;
}

void FrontEnd::handle(Stream& stream, const herd::Line& line, const herd::Iamat& report) {
  const herd::RecordView view = herd::format_report(scratch_, name(), now().wall_ns, report);
  const Ticket ticket = add_due(stream, line.ending).ticket;
  asked_by_.emplace(ticket, stream.tag());
  database_.store(ticket, view);
}

void FrontEnd::handle(Stream& stream, const herd::Line& line, const herd::Whatsat& query) {
  Due& due = add_due(stream, line.ending);
  due.answer = line.text;
  asked_by_.emplace(due.ticket, stream.tag());
  database_.find(due.ticket, query.client);
}

void FrontEnd::refuse(Stream& stream, std::string_view text, std::string_view ending,
                      const herd::ParseError& error) {
  observer_.line_refused(setup_.id, text, error);
  Due& due = add_due(stream, ending);
  due.answer.append("? ").append(text).append(ending);
  due.answered = true;
  flush(connection_of(stream));
}

FrontEnd::Due& FrontEnd::add_due(Stream& stream, std::string_view ending) {
  Due& due = connection_of(stream).due.emplace_back();
  due.ticket = next_ticket_++;
  due.ending = ending;
  return due;
}

FrontEnd::Due* FrontEnd::find_due(Ticket ticket) {
  const auto asker = asked_by_.find(ticket);
  if (asker == asked_by_.end()) return nullptr;
  auto& due = connections_[asker->second].due;
  return &*std::lower_bound(due.begin(), due.end(), ticket,
                            [](const Due& each, Ticket wanted) { return each.ticket < wanted; });
}

void FrontEnd::answered(Due& due) {
  due.answered = true;
  const auto asker = asked_by_.find(due.ticket);
  Connection& connection = connections_[asker->second];
  asked_by_.erase(asker);
  flush(connection);
}

void FrontEnd::stored(Ticket ticket, const herd::RecordView& report, herd::Verdict verdict) {
  observer_.report_stored(setup_.id, report, verdict, now());
  Due* const due = find_due(ticket);
  if (due == nullptr) return;
  due->answer.append(report.line).append(due->ending);
  answered(*due);
}

void FrontEnd::found(Ticket ticket, const std::optional<std::string>& report) {
  Due* const due = find_due(ticket);
  if (due == nullptr) return;
  const std::string line = std::exchange(due->answer, {});
  const herd::ClientCommand command = herd::parse_client_line(line);
  const auto& query = std::get<herd::Whatsat>(command);
  if (!report) {
    observer_.line_refused(
        setup_.id, line,
        {herd::ParseCode::kUnknownClient,
         static_cast<std::size_t>(query.client.data() - line.data()), query.client});
    due->answer.append("? ").append(line).append(due->ending);
    return answered(*due);
  }
  observer_.query_heard(setup_.id, query);
  due->answer.append(*report).append(due->ending);
  const herd::LinkCommand held = herd::parse_link_line(*report);
  ask_places(ticket, std::string(std::get<herd::RecordView>(held).location), query);
}

void FrontEnd::ask_places(Ticket ticket, const std::string& location, const herd::Whatsat& query) {
  const auto fail = [&](const std::string& why) {
    loop_.defer([this, ticket, why, life = life_] {
      if (life == life_) places_answered(ticket, PlacesReply::failure(why).cut(0));
    });
  };
  if (!setup_.places) return fail("no Places provider was started for this herd");
  if (!asker_) {
    auto made = PlacesAsker::create(
        loop_.uv(), *setup_.places,
        [this](std::uint64_t id, const PlacesAnswer& answer) { places_answered(id, answer); });
    if (!made) return fail(made.error());
    asker_ = std::move(*made);
  }
  asker_->ask(ticket, location, query.radius_km, query.bound);
}

void FrontEnd::places_answered(Ticket ticket, const PlacesAnswer& answer) {
  if (paused_) {
    kept_inputs_.emplace_back([this, ticket, answer] { places_answered(ticket, answer); });
    return;
  }
  if (!answer.error.empty()) {
    setup_.log->warn("Places: {}: {}", answer.status, answer.error);
  } else {
    setup_.log->debug("Places: {}: {} places", answer.status, answer.places);
  }
  Due* const due = find_due(ticket);
  if (due == nullptr) return;
  due->answer.append(answer.body).append(due->ending).append(due->ending);
  answered(*due);
}

void FrontEnd::given_up(Ticket ticket, const std::string& why) {
  const auto asker = asked_by_.find(ticket);
  if (asker == asked_by_.end()) return;
  Connection& connection = connections_[asker->second];
  setup_.log->warn("dropped {}: {}", connection.peer, why);
  connection.stream->reset();
  release(asker->second);
}

void FrontEnd::flush(Connection& connection) {
  while (!connection.due.empty() && connection.due.front().answered) {
    if (log_lines_) {
      setup_.log->debug("to {}: {}", connection.peer, connection.due.front().answer);
    }
    connection.stream->write(connection.due.front().answer, "");
    connection.due.pop_front();
  }
  if (connection.ending && connection.due.empty()) connection.stream->finish(true);
}

void FrontEnd::end_when_answered(Stream& stream) {
  Connection& connection = connection_of(stream);
  connection.ending = true;
  flush(connection);
}

void FrontEnd::overlong_line(Stream& stream, std::string_view first_bytes) {
  refuse(stream, first_bytes, "\n", {herd::ParseCode::kTooLong, herd::kMaxClientLine, first_bytes});
  end_when_answered(stream);
}

void FrontEnd::input_ended(Stream& stream) { end_when_answered(stream); }

void FrontEnd::output_drained(Stream& stream) {
  if (!paused_ && may_read(stream)) stream.resume_reading();
}

void FrontEnd::closed(Stream& stream, StreamEnd end, int error) {
  const std::string& peer = connection_of(stream).peer;
  if (end == StreamEnd::kStalled) {
    ++stats_.clients_dropped;
    setup_.log->warn("dropped {}: it took nothing of {} unsent bytes for too long", peer,
                     stream.unsent());
  } else if (end == StreamEnd::kFailed) {
    setup_.log->info("connection {} failed: {}", peer, uv_strerror(error));
  } else {
    setup_.log->info("connection {} closed", peer);
  }
  release(stream.tag());
}

bool FrontEnd::may_read(const Stream& stream) const {
  return stream.unsent() <= setup_.limits.client_unsent &&
         connections_[stream.tag()].due.size() <= setup_.limits.client_waiting;
}

}  // namespace sim
