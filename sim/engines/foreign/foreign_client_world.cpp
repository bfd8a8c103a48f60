#include "sim/engines/foreign/foreign_client_world.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/engines/foreign/dialect_lines.h"

namespace sim {
namespace {

// A half-closed connection may live this much longer than the timeout of a reply.
constexpr Duration kBeyondReply = std::chrono::seconds(1);

std::uint64_t nanoseconds(Duration duration) {
  return static_cast<std::uint64_t>(std::max(duration, Duration(0)).count());
}

}  // namespace

ForeignClientWorld::ForeignClientWorld(IoLoop& loop, const RunClock& clock,
                                       std::vector<sockaddr_storage> servers,
                                       std::vector<std::unique_ptr<AccessLink>> links,
                                       const Dialect& dialect)
    : LiveClients(loop, clock),
      loop_(loop),
      dialect_(dialect),
      rule_(dialect),
      legs_(loop, clock, std::move(servers), std::move(links), *this,
            {true, {0, 0, nanoseconds(dialect.reply_within + kBeyondReply)}}) {
  if (!dialect.reply_pattern.empty()) reply_pattern_.emplace(dialect.reply_pattern);
}

std::uint64_t ForeignClientWorld::deadline() const {
  return uv_hrtime() + nanoseconds(dialect_.reply_within);
}

template <class Action>
void ForeignClientWorld::defer(ClientConnection id, Action action) {
  loop_.defer([this, id, serial = at(id).serial, action = std::move(action)] {
    if (at(id).serial == serial) action();
  });
}

ClientConnection ForeignClientWorld::connect(std::uint32_t client, std::uint32_t server) {
  const ClientConnection id = free_.take(connections_, rule_);
  if (!at(id).alarm) {
    at(id).alarm = std::make_unique<Alarm>(legs_.alarms(), [this, id] { alarm_rang(id); });
  }
  at(id).client = client;
  at(id).server = server;
  if (one_command()) {
    defer(id, [this, id] { stand_without_dial(id); });
  } else {
    dial(id);
  }
  return id;
}

void ForeignClientWorld::stand_without_dial(ClientConnection id) {
  const Connection& connection = at(id);
  if (connection.waiting.empty() && connection.sent.empty()) tell_connected(id);
}

void ForeignClientWorld::tell_connected(ClientConnection id) {
  if (std::exchange(at(id).was_connected, true)) return;
  handler().connected(id);
}

void ForeignClientWorld::send(ClientConnection id, std::string_view line) {
  at(id).waiting.emplace_back(line);
  go_on(id);
}

void ForeignClientWorld::finish(ClientConnection id) {
  at(id).finished = true;
  go_on(id);
}

std::size_t ForeignClientWorld::unsent(ClientConnection id) const {
  const Connection& connection = connections_[id.value];
  // A command that has its own connection is said as it dials, and goes out when that stands.
  const bool dials = one_command() && connection.leg && !connection.stands;
  return connection.waiting.size() + (dials ? connection.sent.size() : 0);
}

void ForeignClientWorld::dial(ClientConnection id) {
  Connection& connection = at(id);
  const LegId leg = legs_.dial(connection.client, connection.server);
  connection.leg = leg;
  if (leg.value >= by_leg_.size()) by_leg_.resize(leg.value + 1);
  of(leg) = id;
}

void ForeignClientWorld::go_on(ClientConnection id) {
  Connection& connection = at(id);
  const auto may_say = [&] {
    if (connection.waiting.empty()) return false;
    if (one_command()) return !connection.leg && connection.sent.empty();
    return connection.stands && (dialect_.pipelining || connection.sent.empty());
  };
  while (may_say()) say_next(id);
  if (!connection.finished || !connection.waiting.empty() || !connection.sent.empty()) return;
  leave(id);
  defer(id, [this, id] { gone(id, true, ""); });
}

void ForeignClientWorld::say_next(ClientConnection id) {
  Connection& connection = at(id);
  if (one_command()) dial(id);
  const std::string line = std::move(connection.waiting.front());
  connection.waiting.pop_front();
  connection.sent.push_back({asks_for_places(line), deadline()});
  legs_.say(*connection.leg, line, ending_of(dialect_.line_ending));
  if (dialect_.half_close && one_command()) legs_.finish(*connection.leg);
  set_alarm(id);
}

void ForeignClientWorld::leave(ClientConnection id) {
  Connection& connection = at(id);
  if (connection.leg) legs_.dismiss(*std::exchange(connection.leg, std::nullopt));
  connection.stands = false;
}

void ForeignClientWorld::gone(ClientConnection id, bool orderly, const std::string& why) {
  handler().disconnected(id, orderly, why);
  Connection next(rule_);
  next.serial = at(id).serial + 1;
  next.alarm = std::move(at(id).alarm);
  next.alarm->cancel();
  at(id) = std::move(next);
  free_.give_back(id);
}

void ForeignClientWorld::leg_stands(LegId leg) {
  const ClientConnection id = of(leg);
  at(id).stands = true;
  tell_connected(id);
  go_on(id);
}

void ForeignClientWorld::leg_heard(LegId leg, std::string_view bytes) {
  const ClientConnection id = of(leg);
  Connection& connection = at(id);
  if (connection.sent.empty()) return;  // not an answer to a command
  connection.heard_ns = uv_hrtime();
  connection.quiet_asked = false;
  if (!connection.cutter.add(bytes)) return met_with_silence(id);
  take_replies(id, ReplyCutter::After::kBytes);
  set_alarm(id);
}

void ForeignClientWorld::leg_over(LegId leg, bool orderly, const std::string& why) {
  const ClientConnection id = of(leg);
  Connection& connection = at(id);
  const bool stood = std::exchange(connection.stands, false);
  connection.leg.reset();
  if (!stood) return gone(id, false, why);  // nothing was sent on it
  server_ended(id, orderly);
  if (one_command()) return go_on(id);
  const bool all_said = connection.finished && connection.waiting.empty();
  gone(id, all_said, orderly ? "closed by the server" : why);
}

void ForeignClientWorld::server_ended(ClientConnection id, bool orderly) {
  Connection& connection = at(id);
  // The handler may send its next command as soon as it has a reply, on another connection: handle
  // only the commands that are here now.
  for (std::size_t due = connection.sent.size(); due > 0; --due) {
    const std::string_view text = connection.cutter.text();
    const std::optional<std::size_t> size =
        connection.cutter.whole(connection.sent.front().is_query, ReplyCutter::After::kEnd);
    if (text.empty()) {
      missing(id, NoReply::kClosed, {});
    } else if (orderly && size) {
      // If the end of the connection is the reply's only sign, a line's end tells that the reply
      // was not cut short.
      const bool tells_itself = rule_.by_line() || rule_.by_match() || text.ends_with('\n');
      take_reply(id, *size, tells_itself ? ReplyCut::kNo : ReplyCut::kByEnd, uv_hrtime());
    } else {
      take_reply(id, text.size(), orderly ? ReplyCut::kByEnd : ReplyCut::kByBreak, uv_hrtime());
    }
  }
}

void ForeignClientWorld::take_replies(ClientConnection id, ReplyCutter::After what) {
  Connection& connection = at(id);
  while (!connection.sent.empty()) {
    const auto size = connection.cutter.whole(connection.sent.front().is_query, what);
    if (!size) return;
    const bool was_quiet = what == ReplyCutter::After::kQuiet;
    take_reply(id, *size, ReplyCut::kNo, was_quiet ? connection.heard_ns : uv_hrtime());
  }
}

void ForeignClientWorld::take_reply(ClientConnection id, std::size_t bytes, ReplyCut cut,
                                    std::uint64_t came_ns) {
  Connection& connection = at(id);
  const std::string text(connection.cutter.text().substr(0, bytes));
  connection.sent.pop_front();
  if (one_command()) leave(id);
  // Without pipelining the bytes behind the reply answer no command.
  connection.cutter.drop(dialect_.pipelining ? bytes : connection.cutter.text().size());
  ForeignReply reply{text, script_time(came_ns), cut};
  if (reply_pattern_) reply.text = reply_pattern_->extract(text).value_or(text);
  handler().reply_received(id, reply);
  go_on(id);
}

void ForeignClientWorld::missing(ClientConnection id, NoReply why, std::string_view so_far) {
  at(id).sent.pop_front();
  handler().reply_missing(id, why, so_far);
}

void ForeignClientWorld::met_with_silence(ClientConnection id) {
  Connection& connection = at(id);
  std::string so_far(connection.cutter.text());
  connection.cutter.clear();
  leave(id);
  for (std::size_t due = connection.sent.size(); due > 0; --due) {
    missing(id, NoReply::kSilence, std::exchange(so_far, {}));
  }
  const bool all_said = connection.finished && connection.waiting.empty();
  if (!one_command() && !all_said) dial(id);
  go_on(id);
}

std::uint64_t ForeignClientWorld::quiet_at(const Connection& connection) const {
  const std::uint64_t quiet = nanoseconds(rule_.quiet());
  if (quiet == 0 || connection.quiet_asked || connection.cutter.text().empty()) return 0;
  // Bytes that come after the deadline do not put it off.
  if (connection.heard_ns > connection.sent.front().deadline_ns) return 0;
  return connection.heard_ns + quiet;
}

// An alarm that rings too early is then set again. This is less work than setting it at each of
// many bytes.
void ForeignClientWorld::set_alarm(ClientConnection id) {
  Connection& connection = at(id);
  if (connection.sent.empty()) return;
  const std::uint64_t quiet = quiet_at(connection);
  const std::uint64_t next = quiet != 0 ? quiet : connection.sent.front().deadline_ns;
  if (connection.alarm_ns != 0 && connection.alarm_ns <= next) return;
  connection.alarm_ns = next;
  connection.alarm->set(next);
}

void ForeignClientWorld::alarm_rang(ClientConnection id) {
  Connection& connection = at(id);
  connection.alarm_ns = 0;
  if (connection.sent.empty()) return;
  const std::uint64_t now = uv_hrtime();
  const std::uint64_t quiet = quiet_at(connection);
  if (quiet != 0 && quiet <= now) {
    connection.quiet_asked = true;
    take_replies(id, ReplyCutter::After::kQuiet);
  } else if (quiet == 0 && connection.sent.front().deadline_ns <= now) {
    return met_with_silence(id);
  }
  set_alarm(id);
}

}  // namespace sim
