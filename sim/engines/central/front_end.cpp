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
    : ServerShell(loop, clock, std::move(setup.shell)),
      observer_(observer),
      database_(loop, setup.database,
                {[this](Ticket ticket, const herd::RecordView& report, herd::Verdict verdict) {
                   stored(ticket, report, verdict);
                 },
                 [this](Ticket ticket, const std::optional<std::string>& report) {
                   found(ticket, report);
                 },
                 [this](Ticket ticket, const std::string& why) { given_up(ticket, why); },
                 [this](bool is_up, const std::string& why) {
                   if (is_up) {
                     log().info("connected to the database");
                   } else {
                     log().info("lost the database: {}", why);
                   }
                   observer_.database_up(id(), is_up, now());
                 }}) {
  database_.set_timeout(setup.timeout);
}

void FrontEnd::died() {
  retire();
  dialogues_.clear();
  asked_by_.clear();
}

void FrontEnd::retire() {
  for (const herd::Record& report : database_.stop()) {
    observer_.report_in_doubt(id(), report.view());
  }
}

void FrontEnd::client_connected(herd::ConnectionId connection) {
  if (dialogues_.size() <= connection.value) dialogues_.resize(connection.value + 1);
}

void FrontEnd::connection_ended(herd::ConnectionId connection) {
  for (const Due& due : dialogues_[connection.value].due) asked_by_.erase(due.ticket);
  dialogues_[connection.value] = {};
  free_connection(connection);
}

std::size_t FrontEnd::waiting_answers(herd::ConnectionId connection) const {
  return dialogues_[connection.value].due.size();
}

std::size_t FrontEnd::waiting_bytes(herd::ConnectionId connection) const {
  const Dialogue& dialogue = dialogues_[connection.value];
  return dialogue.bytes + dialogue.places.bytes();
}

std::size_t FrontEnd::max_line(const Stream&) const { return herd::kMaxClientLine; }

bool FrontEnd::line_received(Stream& stream, const herd::Line& line) {
  const herd::ConnectionId from{stream.tag()};
  log_received(connection_of(from), line.text);
  const herd::ClientCommand command = herd::parse_client_line(line.text);
  if (const auto* report = std::get_if<herd::Iamat>(&command)) {
    handle(from, line, *report);
  } else if (const auto* query = std::get_if<herd::Whatsat>(&command)) {
    handle(from, line, *query);
  } else if (const auto* error = std::get_if<herd::ParseError>(&command)) {
    refuse(from, line.text, line.ending, *error);
  } else {
    // A LINK is refused: a front end has no neighbours.
    refuse(from, line.text, line.ending, {herd::ParseCode::kOutOfPlace, 0, {}});
  }
  return keeps_up(stream);
}

void FrontEnd::handle(herd::ConnectionId from, const herd::Line& line, const herd::Iamat& report) {
  const herd::RecordView view = herd::format_report(scratch_, name(), now().wall_ns, report);
  const Ticket ticket = add_due(from, line.ending).ticket;
  asked_by_.emplace(ticket, from);
  database_.store(ticket, view);
}

void FrontEnd::handle(herd::ConnectionId from, const herd::Line& line, const herd::Whatsat& query) {
  Due& due = add_due(from, line.ending);
  due.answer = line.text;
  asked_by_.emplace(due.ticket, from);
  database_.find(due.ticket, query.client);
}

void FrontEnd::refuse(herd::ConnectionId from, std::string_view text, std::string_view ending,
                      const herd::ParseError& error) {
  observer_.line_refused(id(), text, error);
  Due& due = add_due(from, ending);
  due.answer.append("? ").append(text).append(ending);
  due.answered = true;
  dialogues_[from.value].bytes += due.answer.size();
  flush(from);
}

FrontEnd::Due& FrontEnd::add_due(herd::ConnectionId to, std::string_view ending) {
  Due& due = dialogues_[to.value].due.emplace_back();
  due.ticket = next_ticket_++;
  due.ending = ending;
  return due;
}

FrontEnd::Due* FrontEnd::find_due(Ticket ticket) {
  const auto asker = asked_by_.find(ticket);
  if (asker == asked_by_.end()) return nullptr;
  auto& due = dialogues_[asker->second.value].due;
  return &*std::lower_bound(due.begin(), due.end(), ticket,
                            [](const Due& each, Ticket wanted) { return each.ticket < wanted; });
}

void FrontEnd::answered(Due& due) {
  due.answered = true;
  const auto asker = asked_by_.find(due.ticket);
  const herd::ConnectionId connection = asker->second;
  asked_by_.erase(asker);
  dialogues_[connection.value].bytes += due.answer.size();
  flush(connection);
}

void FrontEnd::stored(Ticket ticket, const herd::RecordView& report, herd::Verdict verdict) {
  observer_.report_stored(id(), report, verdict, now());
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
        id(), line,
        {herd::ParseCode::kUnknownClient,
         static_cast<std::size_t>(query.client.data() - line.data()), query.client});
    due->answer.append("? ").append(line).append(due->ending);
    return answered(*due);
  }
  observer_.query_heard(id(), query);
  due->answer.append(*report).append(due->ending);
  const herd::LinkCommand held = herd::parse_link_line(*report);
  ask_provider(ticket, std::get<herd::RecordView>(held).location, query.radius_km, query.bound);
}

void FrontEnd::places_answered(Ticket ticket, const PlacesAnswer& answer) {
  Due* const due = find_due(ticket);
  if (due == nullptr) return;
  Dialogue& dialogue = dialogues_[asked_by_.find(ticket)->second.value];
  due->places = dialogue.places.hold(answer.body, due == &dialogue.due.front());
  due->has_places = true;
  answered(*due);
}

void FrontEnd::given_up(Ticket ticket, const std::string& why) {
  const auto asker = asked_by_.find(ticket);
  if (asker == asked_by_.end()) return;
  const herd::ConnectionId connection = asker->second;
  log().warn("dropped {}: {}", connection_of(connection).peer, why);
  connection_of(connection).stream->reset();
  connection_ended(connection);
}

void FrontEnd::flush(herd::ConnectionId connection) {
  const Connection& to = connection_of(connection);
  Dialogue& dialogue = dialogues_[connection.value];
  while (!dialogue.due.empty() && dialogue.due.front().answered && has_room(*to.stream)) {
    Due& next = dialogue.due.front();
    dialogue.bytes -= next.answer.size();
    log_sent(to, next.answer);
    to.stream->write(next.answer, "");
    if (next.has_places) {
      to.stream->write(next.places.head(), next.places.tail());
      to.stream->write(next.ending, next.ending);
      dialogue.places.release(next.places);
    }
    dialogue.due.pop_front();
  }
  if (dialogue.ending && dialogue.due.empty()) to.stream->finish(true);
}

void FrontEnd::end_when_answered(herd::ConnectionId connection) {
  dialogues_[connection.value].ending = true;
  flush(connection);
}

void FrontEnd::overlong_line(Stream& stream, std::string_view first_bytes) {
  const herd::ConnectionId from{stream.tag()};
  refuse(from, first_bytes, "\n", {herd::ParseCode::kTooLong, herd::kMaxClientLine, first_bytes});
  end_when_answered(from);
}

void FrontEnd::input_ended(Stream& stream) { end_when_answered(herd::ConnectionId{stream.tag()}); }

}  // namespace sim
