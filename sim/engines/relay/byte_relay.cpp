#include "sim/engines/relay/byte_relay.h"

#include <utility>

#include "sim/base/io/out_of_descriptors.h"

namespace sim {
namespace {

// A stream's tag holds a connection's number and a side.
constexpr std::uint32_t kIds = 0x7fff'ffff;

}  // namespace

ByteRelay::ByteRelay(AlarmClock& alarms, const RunClock& clock, const Models& models, Order order)
    : alarms_(alarms), loop_(alarms.loop()), clock_(clock), models_(models) {
  if (order == Order::kOfLink) link_directions_ = make_directions();
}

ByteRelay::~ByteRelay() { close(); }

ByteRelay::Directions ByteRelay::make_directions() {
  Directions directions;
  for (std::size_t from = 0; from < 2; ++from) {
    directions[from] = std::make_shared<LinkDirection>(
        alarms_, clock_, models_[from],
        [this, from](std::string_view bytes, std::string_view, const PieceLabel& label) {
          deliver(from, bytes, label);
        });
    if (is_held(from)) directions[from]->hold();
  }
  return directions;
}

Stream* ByteRelay::make_stream(Id id, std::size_t side, Stream::Socket socket) {
  Stream* const stream =
      Stream::create(loop_, *this, 2 * id + static_cast<std::uint32_t>(side), socket);
  stream->set_raw();
  stream->set_limits({0, kMaxLinkUnsent});
  return stream;
}

void ByteRelay::accept(std::size_t dialler, uv_stream_t* listener) {
  const Id id = next_id_++ % kIds;
  Stream* const stream = make_stream(id, 0, Stream::socket_of(listener));
  // To the dialler, a connection that is closed at once looks like a refusal.
  const bool may_dial = state_ == State::kUp || state_ == State::kBlackhole;
  if (stream->accept(listener) != 0 || !may_dial) return stream->abandon();
  auto connection = std::make_unique<Connection>();
  connection->dialler = dialler;
  connection->sides[0].stream = stream;
  connection->directions = link_directions_[0] ? link_directions_ : make_directions();
  connection->dial = std::make_unique<Alarm>(alarms_, [this, id] { dial(id); });
  const LinkConditions& back = models_[1 - dialler].conditions();
  if (models_[dialler].conditions().ideal() && back.ideal()) {
    loop_.defer([this, id] { dial(id); });
  } else {
    const herd::Instant now = clock_.now();
    connection->dial->set(clock_.hrtime_of(now + connect_delay(models_[dialler], back, now)));
  }
  connections_[id] = std::move(connection);
  connection_began(id, dialler);
}

void ByteRelay::dial(Id id) {
  const auto found = connections_.find(id);
  // In a blackhole the other endpoint is dialled when the blackhole ends.
  if (found == connections_.end() || state_ != State::kUp || found->second->dialled) return;
  Connection& connection = *found->second;
  connection.dialled = true;
  const std::size_t to = 1 - connection.dialler;
  const sockaddr_storage& address = servers_[to];
  Stream* const stream = make_stream(id, 1, Stream::socket_of(address));
  const int error = stream->connect(reinterpret_cast<const sockaddr*>(&address));
  if (error == 0) {
    connection.sides[1].stream = stream;
    return;
  }
  stream->abandon();
  if (is_out_of_descriptors(error)) return exhausted(error);
  ++connection.pieces_in_flight[1];
  deliver(to, "", {Kind::kBreak, id, kNoMessage});
}

void ByteRelay::connected(Stream& stream) {
  const Id id = id_of(stream);
  Connection& connection = *connections_.at(id);
  connection.stands = true;
  connection_stands(id);
  for (const Early& early : std::exchange(connection.early, {})) {
    put_now(connection, 0, early.bytes, early.label);
  }
}

void ByteRelay::bytes_received(Stream& stream, std::string_view bytes) {
  bytes_came(id_of(stream), side_of(stream), bytes);
}

void ByteRelay::send(Id id, std::size_t side, std::string_view bytes, std::uint32_t message) {
  put(id, side, bytes, {Kind::kBytes, id, message});
}

void ByteRelay::put(Id id, std::size_t side, std::string_view bytes, const PieceLabel& label) {
  Connection& connection = *connections_.at(id);
  if (side == 0 && !connection.stands) {
    connection.early.push_back({std::string(bytes), label});
  } else {
    put_now(connection, side, bytes, label);
  }
}

void ByteRelay::put_now(Connection& connection, std::size_t side, std::string_view bytes,
                        const PieceLabel& label) {
  const std::size_t from = endpoint_at(connection, side);
  bytes_handed_[from] += bytes.size();
  ++connection.pieces_in_flight[side];
  LinkDirection& direction = *connection.directions[from];
  direction.send(bytes, "", label);
  if (direction.bytes_in_flight() > kMaxLinkUnsent) drop_connections(true);
}

void ByteRelay::deliver(std::size_t from, std::string_view bytes, const PieceLabel& label) {
  const auto found = connections_.find(label.connection);
  if (found == connections_.end()) return lose(from, label);
  const std::size_t side = from == found->second->dialler ? 0 : 1;
  --found->second->pieces_in_flight[side];
  Side& to = found->second->sides[1 - side];
  switch (label.kind) {
    case Kind::kBytes:
      if (to.stream == nullptr) return lose(from, label);
      to.stream->write(bytes, "");
      return bytes_arrived(from, label.message);
    case Kind::kEnd:
      if (to.stream != nullptr) to.stream->finish(false);
      return end_delivered(label.connection, side);
    case Kind::kBreak:
      if (to.stream != nullptr) std::exchange(to.stream, nullptr)->reset();
      return forget_if_over(label.connection);
  }
}

void ByteRelay::lose(std::size_t from, const PieceLabel& label) {
  if (label.message != kNoMessage) message_lost(from, label.message);
}

void ByteRelay::lose_early(Connection& connection) {
  for (const Early& early : std::exchange(connection.early, {})) {
    lose(connection.dialler, early.label);
  }
}

void ByteRelay::input_ended(Stream& stream) { send_end(id_of(stream), side_of(stream)); }

void ByteRelay::send_end(Id id, std::size_t side) {
  if (std::exchange(connections_.at(id)->sides[side].ended, true)) return;
  bytes_ended(id, side);
  // The derived class may have sent its last bytes, and those may have been too many for the link.
  if (is_open(id)) put(id, side, "", {Kind::kEnd, id, kNoMessage});
}

void ByteRelay::closed(Stream& stream, StreamEnd end, int error) {
  const Id id = id_of(stream);
  const std::size_t side = side_of(stream);
  Connection& connection = *connections_.at(id);
  connection.sides[side].stream = nullptr;
  if (end == StreamEnd::kFailed && is_out_of_descriptors(error)) return exhausted(error);
  if (end == StreamEnd::kOrderly) {
    // A side that has been told of the other side's end reports its own end only by closing.
    send_end(id, side);
    return forget_if_over(id);
  }
  if (side == 0 && !connection.stands) {
    // The dialler has left before the other endpoint was reached.
    if (connection.sides[1].stream != nullptr) {
      std::exchange(connection.sides[1].stream, nullptr)->abandon();
    }
    return forget_if_over(id);
  }
  put(id, side, "", {Kind::kBreak, id, kNoMessage});
}

void ByteRelay::forget_if_over(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  if (connection.sides[0].stream != nullptr || connection.sides[1].stream != nullptr) return;
  bury(std::move(found->second));
  connections_.erase(found);
  lose_early(connection);
  connection_over(id);
}

bool ByteRelay::is_through(Id id) const {
  const Connection& connection = *connections_.at(id);
  if (!connection.early.empty() || connection.pieces_in_flight[0] > 0 ||
      connection.pieces_in_flight[1] > 0) {
    return false;
  }
  for (const Side& side : connection.sides) {
    if (side.stream != nullptr && side.stream->unsent() > 0) return false;
  }
  return true;
}

void ByteRelay::let_go(Id id) {
  for (Side& side : connections_.at(id)->sides) {
    if (side.stream != nullptr) std::exchange(side.stream, nullptr)->abandon();
  }
  forget_if_over(id);
}

void ByteRelay::bury(std::unique_ptr<Connection> connection) {
  if (dead_.empty()) loop_.defer([this] { dead_.clear(); });
  dead_.push_back(std::move(connection));
}

template <class Action>
void ByteRelay::for_each_direction(Action action) const {
  if (link_directions_[0]) {
    for (std::size_t from = 0; from < 2; ++from) action(from, *link_directions_[from]);
    return;
  }
  for (const auto& [id, connection] : connections_) {
    for (std::size_t from = 0; from < 2; ++from) action(from, *connection->directions[from]);
  }
}

void ByteRelay::drop_connections(bool with_reset) {
  for_each_direction([this](std::size_t from, LinkDirection& direction) {
    for (const PieceLabel& label : direction.restart()) lose(from, label);
  });
  for (LinkModel& model : models_) model.drop_queue();
  Connections connections = std::exchange(connections_, {});
  for (auto& [id, connection] : connections) {
    for (Side& side : connection->sides) {
      if (side.stream == nullptr) continue;
      with_reset ? side.stream->reset() : side.stream->abandon();
    }
    lose_early(*connection);
    bury(std::move(connection));
  }
  for (const auto& [id, connection] : connections) connection_over(id);
}

void ByteRelay::hold_or_release() {
  for_each_direction([this](std::size_t from, LinkDirection& direction) {
    is_held(from) ? direction.hold() : direction.release();
  });
}

void ByteRelay::hold_towards(std::size_t endpoint, bool hold) {
  takes_nothing_[endpoint] = hold;
  hold_or_release();
}

void ByteRelay::cut(CutHow how, CutWays ways) {
  if (how == CutHow::kBlackhole) {
    state_ = State::kBlackhole;
    held_ways_ = ways;
    return hold_or_release();
  }
  state_ = State::kCut;
  drop_connections(how == CutHow::kReset);
  stop_listening();
}

std::optional<Error> ByteRelay::restore() {
  if (std::exchange(state_, State::kUp) == State::kCut) return listen_again();
  std::vector<Id> waiting;
  for (const auto& [id, connection] : connections_) {
    if (!connection->dialled) waiting.push_back(id);
  }
  for (const Id id : waiting) dial(id);
  hold_or_release();
  return std::nullopt;
}

void ByteRelay::set(const TwoWayConditions& conditions) {
  const herd::Instant now = clock_.now();
  const std::array<Stretch, 2> stretches = {models_[0].set(conditions.forward, now),
                                            models_[1].set(conditions.backward, now)};
  for_each_direction(
      [&](std::size_t from, LinkDirection& direction) { direction.move(stretches[from]); });
}

bool ByteRelay::idle() const {
  bool idle = true;
  for_each_direction(
      [&idle](std::size_t, const LinkDirection& direction) { idle = idle && direction.empty(); });
  return idle;
}

void ByteRelay::close() {
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  for_each_direction([](std::size_t, LinkDirection& direction) { direction.clear(); });
  for (const auto& [id, connection] : connections_) {
    for (const Side& side : connection->sides) {
      if (side.stream != nullptr) side.stream->abandon();
    }
  }
  connections_.clear();
}

}  // namespace sim
