// What a client makes of what its server says: each reply is matched with the line that it answers,
// and judged.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/format.h"
#include "core/parse.h"
#include "sim/base/text/quoted.h"
#include "sim/run/clients/fleet.h"
#include "sim/worlds/places/places_summary.h"

namespace sim {
namespace {

constexpr std::size_t kSentencesKept = 100;
constexpr std::size_t kOddRepliesKept = 3;

}  // namespace

void Fleet::line_received(ClientConnection id, std::string_view line) {
  Connection& connection = at(id);
  if (connection.due.empty())
    return violation(connection, "an answer that no command asked for", line);
  const Due due = connection.due.front();
  const herd::Instant now = world_.now();
  const bool is_last = due.ends && due.kind != ActionKind::kQuery;  // query_line() knows refusals
  if (is_last || due.moot) {
    check_last_answer(connection, line);
    count(connection, line.starts_with('?') ? &ReplyCounts::refusals : &ReplyCounts::replies);
    return answered(connection, id, now);
  }
  switch (due.kind) {
    case ActionKind::kQuery:
      return query_line(connection, id, line);
    case ActionKind::kUpdate:
      log_.answered[due.index] = now;
      if (check_report(connection, plan_.updates[due.index], line)) {
        note_report(due.index, connection.server, now);
      }
      break;
    case ActionKind::kLine:
      check_echo(connection, plan_.lines[due.index], line);
      break;
    case ActionKind::kMove:
      break;  // moves are not answered
  }
  count(connection, line.starts_with('?') ? &ReplyCounts::refusals : &ReplyCounts::replies);
  answered(connection, id, now);
}

void Fleet::note_report(std::uint32_t update, std::uint32_t server, herd::Instant when) {
  if (on_reply_) on_reply_(update, server, when);
}

void Fleet::query_line(Connection& connection, ClientConnection id, std::string_view line) {
  const std::uint32_t number = connection.due.front().index;
  const std::string& sent = plan_.lines[plan_.queries[number].line];
  QueryLog& log = log_.queries[number];
  log.server = connection.server;
  if (connection.in_places) {
    if (!line.empty()) {
      connection.places.append(line).append("\n");
      return;
    }
    connection.in_places = false;
    const PlacesSummary summary = summarize_places(connection.places);
    if (!summary.well_formed) {
      violation(connection, "the answer to a WHATSAT is not Places JSON", connection.places);
    }
    connection.places.clear();
    log.status = summary.status;
    log.places = summary.places;
    count(connection, &ReplyCounts::replies);
  } else if (line.starts_with("? ")) {
    check_echo(connection, sent, line);
    log.status.assign(1, '?');
    count(connection, &ReplyCounts::refusals);
  } else {
    const herd::ClientCommand asked = herd::parse_client_line(sent);
    const herd::LinkCommand parsed = herd::parse_link_line(line);
    const auto* report = std::get_if<herd::RecordView>(&parsed);
    if (report == nullptr || report->client != std::get<herd::Whatsat>(asked).client) {
      violation(connection, "the answer to a WHATSAT has no AT for its client", line);
    }
    connection.in_places = true;
    return;
  }
  const herd::Instant now = world_.now();
  log.answered = now;
  answered(connection, id, now);
}

void Fleet::check_last_answer(Connection& connection, std::string_view line) {
  const Due due = connection.due.front();
  const std::string sent(line_of(due));
  const bool is_link = due.ends && !ends_connection(sent, false);
  if (is_link && line.starts_with("NONCE ")) {
    connection.in_handshake = true;
  } else if (due.moot && !std::exchange(connection.in_handshake, false)) {
    violation(connection, "an answer after that to the line that ends the connection", line);
  } else {
    check_echo(connection, sent, line);
  }
}

void Fleet::check_echo(const Connection& connection, std::string_view sent, std::string_view line) {
  if (!line.starts_with("? ") || line.substr(2) != expected_echo(sent)) {
    violation(connection, "a bad command was not echoed in its answer", line);
  }
}

void Fleet::answered(Connection& connection, ClientConnection id, herd::Instant when) {
  const Due due = connection.due.front();
  log_.answers[connection.client].add(std::uint64_t{due.index} << 8 |
                                      static_cast<std::uint64_t>(due.kind));
  Client& who = clients_[connection.client];
  if (who.connection == id && who.handover) {
    log_.handovers[*who.handover].last_answer = who.last_answer;
    log_.handovers[*who.handover].first_answer = when;
    who.handover.reset();
  }
  who.last_answer = when;
  settled(connection);
}

void Fleet::settled(Connection& connection) {
  connection.due.pop_front();
  if (--due_ == 0) note_idle();
}

void Fleet::reply_received(ClientConnection id, const ForeignReply& reply) {
  Connection& connection = at(id);
  const Due due = connection.due.front();
  const ReplyVerdict verdict = judge(connection, reply);
  if (verdict.kind == ReplyKind::kNone) {
    note_unfinished(reply.text);
    count(connection, &ReplyCounts::closings);
    return settled(connection);
  }
  const bool refused = verdict.kind == ReplyKind::kRefusal;
  count(connection, refused ? &ReplyCounts::refusals : &ReplyCounts::replies);
  if (verdict.odd) {
    count(connection, &ReplyCounts::odd_replies);
    note_odd_reply(connection, verdict.kind, reply.text);
  }
  if (verdict.kind == ReplyKind::kWrong) {
    violation(connection, std::string(verdict.complaint), reply.text);
  } else {
    note_reply(due, connection.server, verdict, reply.came);
  }
  answered(connection, id, reply.came);
}

void Fleet::note_odd_reply(const Connection& connection, ReplyKind kind, std::string_view reply) {
  if (log_.odd_replies.size() >= kOddRepliesKept) return;
  const Due due = connection.due.front();
  const std::string line(line_of(due));
  const herd::ClientCommand command = herd::parse_client_line(line);
  const auto* const report = std::get_if<herd::Iamat>(&command);
  const auto* const query = std::get_if<herd::Whatsat>(&command);
  std::string expected = expected_refusal(line);
  if (kind == ReplyKind::kReply && report != nullptr) {
    expected = expected_report_reply({server_names_[connection.server], line, report->client,
                                      report->location, report->time, report->time_ns});
  } else if (kind == ReplyKind::kReply && query != nullptr) {
    expected = expected_query_reply(query->client);
  }
  log_.odd_replies.push_back(words_of(connection) + "the line " + shown_line(line) +
                             " was answered with " + shown_line(reply) + "; the protocol has " +
                             shown_line(expected));
}

void Fleet::note_reply(Due due, std::uint32_t server, const ReplyVerdict& verdict,
                       herd::Instant when) {
  if (due.kind == ActionKind::kQuery) {
    log_.queries[due.index] = {when, server, verdict.status, verdict.places};
  } else if (due.kind == ActionKind::kUpdate && verdict.kind == ReplyKind::kReply) {
    log_.answered[due.index] = when;
    note_report(due.index, server, when);
  }
}

ReplyVerdict Fleet::judge(const Connection& connection, const ForeignReply& reply) {
  const Due due = connection.due.front();
  const std::string line(line_of(due));
  if (refusal_ && refusal_->end_of_match(reply.text)) return judge_refusal(reply.text, line);
  if (due.kind == ActionKind::kUpdate) {
    const herd::ClientCommand command = herd::parse_client_line(line);
    const auto& report = std::get<herd::Iamat>(command);
    return judge_report_reply(reply.text, reply.cut,
                              {server_names_[connection.server], line, report.client,
                               report.location, report.time, report.time_ns});
  }
  if (due.kind == ActionKind::kQuery) {
    const herd::ClientCommand command = herd::parse_client_line(line);
    return judge_query_reply(reply.text, reply.cut, std::get<herd::Whatsat>(command).client, line);
  }
  return judge_line_reply(reply.text, reply.cut, line);
}

void Fleet::reply_missing(ClientConnection id, NoReply why, std::string_view so_far) {
  Connection& connection = at(id);
  if (!stopped_) note_unfinished(so_far);
  count(connection, why == NoReply::kClosed ? &ReplyCounts::closings : &ReplyCounts::silences);
  settled(connection);
}

void Fleet::count(const Connection& connection, std::uint64_t ReplyCounts::*outcome,
                  std::uint64_t times) {
  // stop() has counted what was due then as silence.
  if (!stopped_) log_.reply_counts[connection.client].*outcome += times;
}

bool Fleet::check_report(const Connection& connection, const PlannedUpdate& update,
                         std::string_view line) {
  const herd::LinkCommand parsed = herd::parse_link_line(line);
  const auto* report = std::get_if<herd::RecordView>(&parsed);
  if (report == nullptr) {
    violation(connection, "the answer to an IAMAT is not an AT", line);
    return false;
  }
  bool right = report->server == server_names_[connection.server] &&
               report->client == plan_.subjects[update.subject] &&
               report->location == location_text(plan_, update) &&
               report->time_ns == client_time(update, base_);
  if (right) {
    if (update.line >= 0) {
      const auto own = herd::parse_client_line(plan_.lines[static_cast<std::size_t>(update.line)]);
      right = report->time == std::get<herd::Iamat>(own).time;
    } else {
      scratch_.clear();
      herd::append_time(scratch_, client_time(update, base_));
      right = report->time == scratch_;
    }
  }
  if (!right) violation(connection, "the answer to an IAMAT has other fields than the IAMAT", line);
  return right;
}

void Fleet::violation(const Connection& connection, const std::string& what,
                      std::string_view line) {
  if (log_.violations.size() >= kSentencesKept) {
    ++log_.violation_count;
    return;
  }
  const std::string answer(line);  // line_of() may change what it is a view of
  std::string words = what + ": " + shown_line(answer);
  if (!connection.due.empty()) {
    words += ", to the client's line " + shown_line(line_of(connection.due.front()));
  }
  note_violation(connection, words);
}

void Fleet::note_violation(const Connection& connection, const std::string& what) {
  ++log_.violation_count;
  if (log_.violations.size() >= kSentencesKept) return;
  log_.violations.push_back(words_of(connection) + what);
}

std::string Fleet::words_of(const Connection& connection) const {
  return "client " + shown_id(plan_.clients[connection.client].id) + " at " +
         server_names_[connection.server] + ": ";
}

std::string Fleet::never_answered(const Connection& connection) {
  std::optional<Due> first;
  std::uint64_t owed = 0;
  for (std::uint32_t i = 0; i < connection.due.size(); ++i) {
    if (connection.due[i].moot) continue;
    if (owed++ == 0) first = connection.due[i];
  }
  if (!first) return "";
  const std::uint64_t others = owed - 1;
  std::string words =
      "never answered on a connection that was not cut: " + shown_line(line_of(*first));
  if (others > 0) {
    words += " and " + std::to_string(others) + (others == 1 ? " line" : " lines") + " after it";
  }
  return words;
}

void Fleet::note_unanswered(const Connection& connection) {
  const std::string words = never_answered(connection);
  if (words.empty()) return;
  const bool is_kept = log_.unanswered.size() < kSentencesKept;
  log_.unanswered.push_back(
      {connection.server, is_kept ? words_of(connection) + words : std::string()});
}

}  // namespace sim
