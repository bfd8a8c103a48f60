#include "sim/foreign/foreign_client_world.h"

#include <utility>

#include "sim/net/link_model.h"

namespace sim {
namespace {

// A reply that does not end is taken as it is when it is this long.
constexpr std::size_t kMaxReply = std::size_t{8} << 20;

bool is_whatsat(std::string_view line) { return line.starts_with("WHATSAT"); }

std::string_view ending_of(const Dialect& dialect) {
  switch (dialect.line_ending) {
    case LineEnding::kLf:
      return "\n";
    case LineEnding::kCrLf:
      return "\r\n";
    case LineEnding::kNone:
      break;
  }
  return "";
}

}  // namespace

ForeignClientWorld::ForeignClientWorld(IoLoop& loop, const RunClock& clock,
                                       std::vector<sockaddr_storage> servers,
                                       std::vector<std::unique_ptr<AccessLink>> links,
                                       const Dialect& dialect)
    : LiveClients(loop, clock),
      servers_(std::move(servers)),
      links_(std::move(links)),
      dialect_(dialect),
      reader_(dialect),
      alarms_(loop) {}

ForeignClientWorld::~ForeignClientWorld() {
  for (const auto& connection : connections_) {
    if (connection->stream != nullptr) connection->stream->abandon();
  }
}

ClientConnection ForeignClientWorld::connect(std::uint32_t client, std::uint32_t server) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(connections_.size()));
    connections_.push_back(nullptr);
  }
  const std::uint32_t id = free_.back();
  free_.pop_back();
  connections_[id] = std::make_unique<Connection>();
  Connection& connection = at(id);
  connection.open = true;
  connection.client = client;
  connection.server = server;
  connection.idle = std::make_unique<Alarm>(alarms_, [this, id] { take_heard(id); });
  connection.silence = std::make_unique<Alarm>(alarms_, [this, id] { no_reply_in_time(id); });
  connection.dial = std::make_unique<Alarm>(alarms_, [this, id] { dial(id); });
  // A connection for one command is made when there is one: nobody connects and says nothing.
  const auto reach = [this, id] {
    if (!one_command()) return dial(id);
    Connection& reached = at(id);
    reached.stood = true;
    if (reached.path) reached.path->stands();
    handler_->connected(ClientConnection{id});
  };
  AccessLink* const link = client < links_.size() ? links_[client].get() : nullptr;
  if (link == nullptr) {
    loop_.defer([this, id, reach] {
      if (connections_[id] && at(id).open) reach();
    });
    return ClientConnection{id};
  }
  connection.path = std::make_unique<AccessPath>(
      *link, clock_, alarms_,
      [this, id](std::string_view text, bool is_end) {
        Connection& crossed = at(id);
        if (is_end) {
          crossed.finishing = true;
        } else {
          // Lines that were said before the connection stood cross as one piece.
          for (std::size_t end = 0; (end = text.find('\n')) != text.npos;) {
            crossed.waiting.push_back({std::string(text.substr(0, end))});
            text.remove_prefix(end + 1);
          }
        }
        pump(id);
      },
      [this, id](std::string_view text, bool is_end) {
        if (is_end) {
          const AccessPath& path = *at(id).path;
          // Not from within the path, which ends with the connection.
          loop_.defer([this, id, orderly = path.orderly_end, why = path.end_reason] {
            gone(id, orderly, why);
          });
        } else {
          told(id, static_cast<Tiding>(text.front()), text.substr(1));
        }
      },
      reach);
  return ClientConnection{id};
}

void ForeignClientWorld::send(ClientConnection connection, std::string_view line) {
  Connection& via = at(connection.value);
  if (via.path) return via.path->say(line, "\n");
  via.waiting.push_back({std::string(line)});
  // Not from within this call, from which the handler must not be called.
  loop_.defer([this, id = connection.value] {
    if (connections_[id]->open) pump(id);
  });
}

void ForeignClientWorld::finish(ClientConnection connection) {
  Connection& via = at(connection.value);
  if (via.path) return via.path->finish();
  via.finishing = true;
  loop_.defer([this, id = connection.value] {
    if (connections_[id]->open) pump(id);
  });
}

void ForeignClientWorld::dial(std::uint32_t id) {
  Connection& connection = at(id);
  if (!connection.open || connection.stream != nullptr) return;
  Stream* const stream = Stream::create(loop_, *this, id);
  stream->set_raw();
  connection.stands = false;
  const int error =
      stream->connect(reinterpret_cast<const sockaddr*>(&servers_[connection.server]));
  if (error == 0) {
    connection.stream = stream;
    return;
  }
  stream->abandon();
  loop_.defer([this, id, why = std::string(uv_strerror(error))] { stream_ended(id, false, why); });
}

void ForeignClientWorld::connected(Stream& stream) {
  const std::uint32_t id = stream.tag();
  Connection& connection = at(id);
  connection.stands = true;
  if (!std::exchange(connection.stood, true)) {
    if (connection.path) connection.path->stands();
    handler_->connected(ClientConnection{id});
  }
  pump(id);
}

void ForeignClientWorld::pump(std::uint32_t id) {
  Connection& connection = at(id);
  while (!connection.waiting.empty()) {
    if (!connection.under_way.empty() && !dialect_.pipelining) return;
    if (connection.stream == nullptr) {
      if (!one_command() && connection.stood) return dial(id);
      if (!one_command() || connection.dial->is_set()) return;
      AccessLink* const link =
          connection.client < links_.size() ? links_[connection.client].get() : nullptr;
      if (link == nullptr) return dial(id);
      const herd::Instant at_now = clock_.now();
      connection.dial->set(
          clock_.hrtime_of(at_now + connect_delay(link->up, link->down.conditions(), at_now)));
      return;
    }
    if (!connection.stands) return;
    write_next(id);
  }
  if (!connection.finishing || !connection.under_way.empty()) return;
  drop_stream(connection);
  tell_end(id, true, "");
}

void ForeignClientWorld::write_next(std::uint32_t id) {
  Connection& connection = at(id);
  Command command = std::move(connection.waiting.front());
  connection.waiting.pop_front();
  connection.stream->write(command.line, ending_of(dialect_));
  if (dialect_.half_close) connection.stream->finish(false);
  command.given_up_ns = uv_hrtime() + static_cast<std::uint64_t>(dialect_.reply_within.count());
  connection.under_way.push_back(std::move(command));
  if (connection.under_way.size() == 1) watch_for_silence(id);
}

void ForeignClientWorld::watch_for_silence(std::uint32_t id) {
  Connection& connection = at(id);
  if (connection.under_way.empty()) return connection.silence->cancel();
  connection.silence->set(connection.under_way.front().given_up_ns);
}

void ForeignClientWorld::bytes_received(Stream& stream, std::string_view bytes) {
  const std::uint32_t id = stream.tag();
  Connection& connection = at(id);
  if (connection.under_way.empty()) return;  // nobody asked
  connection.heard.append(bytes);
  if (connection.heard.size() > kMaxReply) return take_heard(id);
  take_replies(id);
}

void ForeignClientWorld::take_replies(std::uint32_t id) {
  Connection& connection = at(id);
  while (!connection.under_way.empty() && !connection.heard.empty()) {
    const auto size =
        reader_.whole(connection.heard, is_whatsat(connection.under_way.front().line));
    if (!size) break;
    const std::string reply = reader_.text(std::string_view(connection.heard).substr(0, *size));
    connection.heard.erase(0, *size);
    connection.under_way.pop_front();
    watch_for_silence(id);
    tell(id, Tiding::kReply, reply);
  }
  if (connection.under_way.empty()) {
    connection.heard.clear();
    if (one_command() && connection.stream != nullptr) drop_stream(connection);
    return pump(id);
  }
  const auto* idle = std::get_if<ReplyIdle>(&dialect_.reply_end);
  if (idle != nullptr && !connection.heard.empty()) {
    connection.idle->set(uv_hrtime() + static_cast<std::uint64_t>(idle->silence.count()));
  }
  if (dialect_.pipelining) pump(id);
}

// What came so far is the reply.
void ForeignClientWorld::take_heard(std::uint32_t id) {
  Connection& connection = at(id);
  if (connection.under_way.empty() || connection.heard.empty()) return;
  const std::string reply = reader_.text(std::exchange(connection.heard, {}));
  connection.under_way.pop_front();
  watch_for_silence(id);
  tell(id, Tiding::kReply, reply);
  if (one_command()) drop_stream(connection);
  pump(id);
}

void ForeignClientWorld::no_reply_in_time(std::uint32_t id) {
  Connection& connection = at(id);
  if (connection.under_way.empty()) return;
  // A reply whose end never came is one all the same.
  if (!connection.heard.empty()) return take_heard(id);
  drop_stream(connection);
  const std::size_t given_up = std::exchange(connection.under_way, {}).size();
  for (std::size_t i = 0; i < given_up; ++i) tell(id, Tiding::kSilence, "");
  pump(id);
}

void ForeignClientWorld::drop_stream(Connection& connection) {
  if (connection.stream == nullptr) return;
  std::exchange(connection.stream, nullptr)->abandon();
  connection.stands = false;
  connection.heard.clear();
  connection.idle->cancel();
  connection.silence->cancel();
}

void ForeignClientWorld::input_ended(Stream& stream) {
  const std::uint32_t id = stream.tag();
  stream.abandon();
  at(id).stream = nullptr;
  stream_ended(id, true, "");
}

void ForeignClientWorld::closed(Stream& stream, StreamEnd end, int error) {
  const std::uint32_t id = stream.tag();
  at(id).stream = nullptr;
  stream_ended(id, end == StreamEnd::kOrderly,
               end == StreamEnd::kOrderly ? "" : uv_strerror(error));
}

void ForeignClientWorld::stream_ended(std::uint32_t id, bool orderly, const std::string& why) {
  Connection& connection = at(id);
  const bool stood = std::exchange(connection.stands, false);
  connection.idle->cancel();
  connection.silence->cancel();
  if (!connection.under_way.empty() && !connection.heard.empty()) {
    const std::string reply = reader_.text(std::exchange(connection.heard, {}));
    connection.under_way.pop_front();
    tell(id, Tiding::kReply, reply);
  }
  std::size_t closed = std::exchange(connection.under_way, {}).size();
  if (one_command()) {
    if (!stood && !connection.waiting.empty()) {
      connection.waiting.pop_front();  // for which the server could not be reached
      ++closed;
    }
    for (std::size_t i = 0; i < closed; ++i) tell(id, Tiding::kClosed, "");
    return pump(id);
  }
  for (std::size_t i = 0; i < closed; ++i) tell(id, Tiding::kClosed, "");
  tell_end(id, orderly, why);
}

void ForeignClientWorld::tell(std::uint32_t id, Tiding tiding, std::string_view text) {
  Connection& connection = at(id);
  if (!connection.path) return told(id, tiding, text);
  connection.path->hear(std::string(1, static_cast<char>(tiding)).append(text));
}

void ForeignClientWorld::tell_end(std::uint32_t id, bool orderly, const std::string& why) {
  Connection& connection = at(id);
  if (connection.path) return connection.path->hear_end(orderly, why);
  loop_.defer([this, id, orderly, why] { gone(id, orderly, why); });
}

void ForeignClientWorld::told(std::uint32_t id, Tiding tiding, std::string_view text) {
  const ClientConnection connection{id};
  switch (tiding) {
    case Tiding::kReply:
      return handler_->reply_received(connection, text);
    case Tiding::kSilence:
      return handler_->reply_missing(connection, MissingReply::kSilence);
    case Tiding::kClosed:
      return handler_->reply_missing(connection, MissingReply::kClosed);
  }
}

void ForeignClientWorld::gone(std::uint32_t id, bool orderly, const std::string& why) {
  if (!std::exchange(at(id).open, false)) return;
  drop_stream(at(id));
  handler_->disconnected(ClientConnection{id}, orderly, why);
  free_.push_back(id);
}

}  // namespace sim
