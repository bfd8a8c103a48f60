#include "sim/live/live_client_world.h"

#include <utility>

namespace sim {
namespace {

// An answer's longest line is the Places JSON of a WHATSAT, 4 MiB at the most.
constexpr std::size_t kMaxAnswerLine = std::size_t{5} << 20;

}  // namespace

LiveClientWorld::LiveClientWorld(IoLoop& loop, const RunClock& clock,
                                 std::vector<sockaddr_storage> servers)
    : loop_(loop),
      clock_(clock),
      servers_(std::move(servers)),
      timer_(loop, [this] { handler_->time_reached(); }) {}

LiveClientWorld::~LiveClientWorld() {
  for (Stream* stream : streams_) {
    if (stream != nullptr) stream->abandon();
  }
}

herd::Instant LiveClientWorld::now() const { return herd::Instant(clock_.now() - zero_); }

void LiveClientWorld::wake_at(herd::Instant when) {
  timer_.arm(clock_.hrtime_of(zero_ + when.time_since_epoch()));
}

ClientConnection LiveClientWorld::connect(std::uint32_t server) {
  if (free_.empty()) {
    free_.push_back(ClientConnection{static_cast<std::uint32_t>(streams_.size())});
    streams_.push_back(nullptr);
  }
  const ClientConnection id = free_.back();
  free_.pop_back();
  Stream* const stream = Stream::create(loop_, *this, id.value);
  if (stream->connect(reinterpret_cast<const sockaddr*>(&servers_[server])) == 0) {
    streams_[id.value] = stream;
  } else {
    stream->abandon();
    loop_.defer([this, id] { gone(id, false); });
  }
  return id;
}

void LiveClientWorld::send(ClientConnection connection, std::string_view line) {
  if (Stream* stream = streams_[connection.value]) stream->write(line, "\n");
}

void LiveClientWorld::finish(ClientConnection connection) {
  if (Stream* stream = streams_[connection.value]) stream->finish(false);
}

void LiveClientWorld::connected(Stream& stream) {
  handler_->connected(ClientConnection{stream.tag()});
}

std::size_t LiveClientWorld::max_line(const Stream&) const { return kMaxAnswerLine; }

bool LiveClientWorld::line_received(Stream& stream, const herd::Line& line) {
  handler_->line_received(ClientConnection{stream.tag()}, line.text);
  return true;
}

void LiveClientWorld::overlong_line(Stream& stream, std::string_view) { stream.finish(true); }

void LiveClientWorld::input_ended(Stream& stream) { stream.finish(true); }

void LiveClientWorld::closed(Stream& stream, StreamEnd end, int) {
  const ClientConnection id{stream.tag()};
  streams_[id.value] = nullptr;
  gone(id, end == StreamEnd::kOrderly);
}

void LiveClientWorld::gone(ClientConnection connection, bool orderly) {
  handler_->disconnected(connection, orderly);
  free_.push_back(connection);
}

}  // namespace sim
