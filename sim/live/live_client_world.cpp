#include "sim/live/live_client_world.h"

#include <utility>

namespace sim {
namespace {

// An answer's longest line is the Places JSON of a WHATSAT, 4 MiB at the most.
constexpr std::size_t kMaxAnswerLine = std::size_t{5} << 20;

}  // namespace

LiveClientWorld::LiveClientWorld(IoLoop& loop, const RunClock& clock,
                                 std::vector<sockaddr_storage> servers,
                                 std::vector<std::unique_ptr<AccessLink>> links)
    : LiveClients(loop, clock),
      servers_(std::move(servers)),
      links_(std::move(links)),
      alarms_(loop) {}

LiveClientWorld::~LiveClientWorld() {
  for (const Connection& connection : connections_) {
    if (connection.stream != nullptr) connection.stream->abandon();
  }
}

ClientConnection LiveClientWorld::connect(std::uint32_t client, std::uint32_t server) {
  if (free_.empty()) {
    free_.push_back(ClientConnection{static_cast<std::uint32_t>(connections_.size())});
    connections_.emplace_back();
  }
  const ClientConnection id = free_.back();
  free_.pop_back();
  Connection& connection = connections_[id.value];
  connection = {};
  connection.server = server;
  if (AccessLink* const link = links_[client].get()) {
    connection.path = std::make_unique<AccessPath>(
        *link, clock_, alarms_,
        [this, id](std::string_view text, bool is_end) { crossed_up(id, text, is_end); },
        [this, id](std::string_view line, bool is_end) { crossed_down(id, line, is_end); },
        [this, id] { dial(id); });
  } else {
    dial(id);
  }
  return id;
}

void LiveClientWorld::dial(ClientConnection id) {
  Stream* const stream = Stream::create(loop_, *this, id.value);
  const sockaddr_storage& address = servers_[connections_[id.value].server];
  const int error = stream->connect(reinterpret_cast<const sockaddr*>(&address));
  if (error == 0) {
    connections_[id.value].stream = stream;
    return;
  }
  stream->abandon();
  loop_.defer([this, id, why = std::string(uv_strerror(error))] { gone(id, false, why); });
}

void LiveClientWorld::send(ClientConnection connection, std::string_view line) {
  const Connection& via = connections_[connection.value];
  if (via.path) return via.path->say(line, "\n");
  if (via.stream != nullptr) via.stream->write(line, "\n");
}

void LiveClientWorld::finish(ClientConnection connection) {
  const Connection& via = connections_[connection.value];
  if (via.path) return via.path->finish();
  if (via.stream != nullptr) via.stream->finish(false);
}

void LiveClientWorld::crossed_up(ClientConnection id, std::string_view text, bool is_end) {
  Stream* const stream = connections_[id.value].stream;
  if (stream == nullptr) return;
  is_end ? stream->finish(false) : stream->write(text, "");
}

void LiveClientWorld::crossed_down(ClientConnection id, std::string_view line, bool is_end) {
  if (!is_end) return handler_->line_received(id, line);
  const AccessPath& path = *connections_[id.value].path;
  // Not from within the path, which ends with the connection.
  loop_.defer(
      [this, id, orderly = path.orderly_end, why = path.end_reason] { gone(id, orderly, why); });
}

void LiveClientWorld::connected(Stream& stream) {
  const ClientConnection id{stream.tag()};
  if (const auto& path = connections_[id.value].path) path->stands();
  handler_->connected(id);
}

std::size_t LiveClientWorld::max_line(const Stream&) const { return kMaxAnswerLine; }

bool LiveClientWorld::line_received(Stream& stream, const herd::Line& line) {
  const ClientConnection id{stream.tag()};
  if (const auto& path = connections_[id.value].path) {
    path->hear(line.text);
  } else {
    handler_->line_received(id, line.text);
  }
  return true;
}

void LiveClientWorld::overlong_line(Stream& stream, std::string_view) { stream.finish(true); }

void LiveClientWorld::input_ended(Stream& stream) { stream.finish(true); }

void LiveClientWorld::closed(Stream& stream, StreamEnd end, int error) {
  const ClientConnection id{stream.tag()};
  Connection& connection = connections_[id.value];
  connection.stream = nullptr;
  const bool orderly = end == StreamEnd::kOrderly;
  std::string why = orderly ? "" : uv_strerror(error);
  if (connection.path) return connection.path->hear_end(orderly, std::move(why));
  gone(id, orderly, why);
}

void LiveClientWorld::gone(ClientConnection connection, bool orderly, const std::string& why) {
  handler_->disconnected(connection, orderly, why);
  connections_[connection.value] = {};
  free_.push_back(connection);
}

}  // namespace sim
