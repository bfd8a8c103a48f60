#include "sim/engines/relay/link_relay.h"

#include <utility>
#include <vector>

#include "sim/base/io/address.h"

namespace sim {
namespace {

// After so long a line without an ending is passed on as it is: some programs send none.
constexpr std::uint64_t kTimeoutNs = 2'000'000;
// Who has said nothing for so long on a new connection does not open it with a greeting.
constexpr std::uint64_t kHandshakeNs = 30'000'000;
// Of a line that does not end, for counting; what is passed on is not limited by it.
constexpr std::size_t kMaxLine = std::size_t{1} << 20;

}  // namespace

LinkRelay::LinkRelay(AlarmClock& alarms, const RunClock& clock, LinkTap& tap, const Setup& setup)
    : alarms_(alarms),
      loop_(alarms.loop()),
      clock_(clock),
      tap_(tap),
      setup_(setup),
      ports_{ListeningPort(loop_, [this](uv_stream_t* listener) { accept(0, listener); }),
             ListeningPort(loop_, [this](uv_stream_t* listener) { accept(1, listener); })} {
  for (std::size_t way = 0; way < 2; ++way) {
    ways_[way] = std::make_unique<RelayWay>(
        alarms_, clock_, setup_.ways[way],
        [this, way](const RelayWay::Piece& piece) { deliver(way, piece); });
  }
}

LinkRelay::~LinkRelay() { close(); }

std::optional<Error> LinkRelay::open() {
  for (ListeningPort& port : ports_) {
    if (auto error = port.open("127.0.0.1", 0)) return error;
  }
  return std::nullopt;
}

bool LinkRelay::stands() const {
  return setup_.use == LinkUse::kPerMessage ? state_ == State::kUp : stood_;
}

void LinkRelay::accept(std::size_t dialler, uv_stream_t* listener) {
  // A tag has room for so many connections; by the time they are used up the first are long gone.
  const std::uint64_t id = next_id_++ % 0x7fff'ffff;
  Stream* const stream = Stream::create(loop_, *this, static_cast<std::uint32_t>(2 * id));
  stream->set_raw();
  stream->set_limits({0, kMaxLinkUnsent});
  if (stream->accept(listener) != 0) return stream->abandon();
  auto connection = std::make_unique<Connection>();
  connection->dialler = dialler;
  connection->sides[0].stream = stream;
  connection->dial = std::make_unique<Alarm>(alarms_, [this, id] { dial(id); });
  const auto& model = ways_[dialler]->model();
  const auto& back = ways_[1 - dialler]->model().conditions();
  if (model.conditions().ideal() && back.ideal()) {
    loop_.defer([this, id] { dial(id); });
  } else {
    const herd::Instant now = clock_.now();
    connection->dial->set(
        clock_.hrtime_of(now + connect_delay(ways_[dialler]->model(), back, now)));
  }
  connections_[id] = std::move(connection);
}

void LinkRelay::dial(std::uint64_t id) {
  const auto found = connections_.find(id);
  // In a blackhole it is dialled when that ends.
  if (found == connections_.end() || state_ != State::kUp || found->second->dialled) return;
  Connection& connection = *found->second;
  connection.dialled = true;
  Stream* const stream = Stream::create(loop_, *this, static_cast<std::uint32_t>(2 * id + 1));
  stream->set_raw();
  stream->set_limits({0, kMaxLinkUnsent});
  const sockaddr_storage& address = servers_[1 - connection.dialler];
  if (stream->connect(reinterpret_cast<const sockaddr*>(&address)) == 0) {
    connection.sides[1].stream = stream;
    return;
  }
  stream->abandon();
  deliver(1 - connection.dialler, {id, RelayWay::Kind::kBreak, {}, LinkTap::kNoMessage});
}

void LinkRelay::connected(Stream& stream) {
  const std::uint64_t id = id_of(stream);
  Connection& connection = *connections_.at(id);
  connection.stands = true;
  if (!connection.known) {
    connection.dial = std::make_unique<Alarm>(alarms_, [this, id] {
      connections_.at(id)->known = true;
      note_standing();
    });
    connection.dial->set(uv_hrtime() + kHandshakeNs);
  }
  note_standing();
  const std::size_t way = connection.dialler;
  for (RelayWay::Piece& piece : std::exchange(connection.early, {}))
    ways_[way]->put(std::move(piece));
}

bool LinkRelay::stands_both_ways() const {
  std::array<bool, 2> dialled{};
  for (const auto& [id, connection] : connections_) {
    if (carries_messages(*connection)) dialled[connection->dialler] = true;
  }
  return dialled[0] && dialled[1];
}

std::uint32_t LinkRelay::say(Connection& connection, std::size_t side, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (side == 0) connection.known = true;
  if (side == 0 && line.starts_with("LINK ")) connection.greets = true;
  if (side == 1 && line.starts_with("LINKED ")) connection.proven = true;
  return tap_.line_said(direction(way_from(connection, side)), line);
}

void LinkRelay::bytes_received(Stream& stream, std::string_view bytes) {
  const std::uint64_t id = id_of(stream);
  const std::size_t side = side_of(stream);
  Connection& connection = *connections_.at(id);
  Side& from = connection.sides[side];
  if (from.timeout) from.timeout->cancel();
  for (std::size_t end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
    RelayWay::Piece piece{id, RelayWay::Kind::kBytes, {}, LinkTap::kNoMessage};
    if (from.rest.empty()) {
      piece.bytes.assign(bytes.substr(0, end + 1));
      piece.message = say(connection, side, bytes.substr(0, end));
    } else {
      from.rest.append(bytes.substr(0, end));
      piece.bytes.assign(from.rest, from.passed).append("\n");
      if (!from.rest_counted) piece.message = say(connection, side, from.rest);
      from.rest.clear();
      from.passed = 0;
      from.rest_counted = false;
    }
    bytes.remove_prefix(end + 1);
    put(id, side, std::move(piece));
    if (!connections_.contains(id)) return;
  }
  if (bytes.empty()) return;
  from.rest.append(bytes);
  if (from.rest.size() > kMaxLine) return pass_rest(id, side);
  if (!from.timeout) {
    from.timeout = std::make_unique<Alarm>(alarms_, [this, id, side] { pass_rest(id, side); });
  }
  from.timeout->set(uv_hrtime() + kTimeoutNs);
}

void LinkRelay::pass_rest(std::uint64_t id, std::size_t side) {
  Connection& connection = *connections_.at(id);
  Side& from = connection.sides[side];
  if (from.passed == from.rest.size()) return;
  RelayWay::Piece piece{id, RelayWay::Kind::kBytes, from.rest.substr(from.passed),
                        LinkTap::kNoMessage};
  if (!from.rest_counted) {
    piece.message = say(connection, side, from.rest);
    from.rest_counted = piece.message != LinkTap::kNoMessage;
  }
  from.passed = from.rest.size();
  // What comes next is a message of its own, or the rest of one that is no message so far.
  if (from.rest_counted || from.rest.size() > kMaxLine) {
    from.rest.clear();
    from.passed = 0;
    from.rest_counted = false;
  }
  put(id, side, std::move(piece));
}

void LinkRelay::put(std::uint64_t id, std::size_t side, RelayWay::Piece piece) {
  Connection& connection = *connections_.at(id);
  const std::size_t way = way_from(connection, side);
  if (side == 0 && !connection.stands) {
    connection.early.push_back(std::move(piece));
    return;
  }
  ways_[way]->put(std::move(piece));
  if (ways_[way]->bytes_in_flight() > kMaxLinkUnsent) drop_connections(true);
}

void LinkRelay::deliver(std::size_t way, const RelayWay::Piece& piece) {
  const auto found = connections_.find(piece.connection);
  if (found == connections_.end()) return lose(way, piece);
  Connection& connection = *found->second;
  const std::size_t to = way == connection.dialler ? 1 : 0;
  Stream* const stream = connection.sides[to].stream;
  switch (piece.kind) {
    case RelayWay::Kind::kBytes:
      if (stream == nullptr) return lose(way, piece);
      stream->write(piece.bytes, "");
      if (piece.message != LinkTap::kNoMessage) tap_.message_arrived(direction(way), piece.message);
      note_standing();
      return;
    case RelayWay::Kind::kEnd:
      if (stream != nullptr) stream->finish(false);
      return;
    case RelayWay::Kind::kBreak:
      if (stream != nullptr) stream->reset();
      connection.sides[to].stream = nullptr;
      forget_if_over(piece.connection);
      return;
  }
}

void LinkRelay::lose(std::size_t way, const RelayWay::Piece& piece) {
  if (piece.message != LinkTap::kNoMessage) tap_.message_lost(direction(way), piece.message);
}

void LinkRelay::input_ended(Stream& stream) { pass_end(id_of(stream), side_of(stream)); }

void LinkRelay::pass_end(std::uint64_t id, std::size_t side) {
  if (std::exchange(connections_.at(id)->sides[side].ended, true)) return;
  pass_rest(id, side);
  // The rest may have been one byte too many for the link.
  if (connections_.contains(id)) put(id, side, {id, RelayWay::Kind::kEnd, {}, LinkTap::kNoMessage});
}

void LinkRelay::closed(Stream& stream, StreamEnd end, int) {
  const std::uint64_t id = id_of(stream);
  const std::size_t side = side_of(stream);
  Connection& connection = *connections_.at(id);
  connection.sides[side].stream = nullptr;
  if (end == StreamEnd::kOrderly) {
    // A side that was told of the other's end tells of its own only by closing.
    pass_end(id, side);
    return forget_if_over(id);
  }
  if (side == 0 && !connection.stands) {
    // Who dialled has gone before the other end was reached.
    if (connection.sides[1].stream != nullptr)
      std::exchange(connection.sides[1].stream, nullptr)->abandon();
    return forget_if_over(id);
  }
  put(id, side, {id, RelayWay::Kind::kBreak, {}, LinkTap::kNoMessage});
}

void LinkRelay::forget_if_over(std::uint64_t id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  if (connection.sides[0].stream != nullptr || connection.sides[1].stream != nullptr) return;
  bury(std::move(found->second));
  const std::deque<RelayWay::Piece> early = std::exchange(connection.early, {});
  const std::size_t way = connection.dialler;
  connections_.erase(found);
  for (const RelayWay::Piece& piece : early) lose(way, piece);
  note_standing();
}

void LinkRelay::bury(std::unique_ptr<Connection> connection) {
  if (dead_.empty()) loop_.defer([this] { dead_.clear(); });
  dead_.push_back(std::move(connection));
}

void LinkRelay::note_standing() {
  if (setup_.use == LinkUse::kPerMessage) return;
  bool stands = false;
  for (const auto& [id, connection] : connections_)
    stands = stands || carries_messages(*connection);
  if (stands == std::exchange(stood_, stands)) return;
  stands ? tap_.link_stands(setup_.link) : tap_.link_ended(setup_.link);
}

void LinkRelay::drop_connections(bool with_reset) {
  for (std::size_t way = 0; way < 2; ++way) {
    ways_[way]->clear([this, way](const RelayWay::Piece& piece) { lose(way, piece); });
  }
  Connections connections = std::exchange(connections_, {});
  for (auto& [id, connection] : connections) {
    for (Side& side : connection->sides) {
      if (side.stream == nullptr) continue;
      with_reset ? side.stream->reset() : side.stream->abandon();
    }
    for (const RelayWay::Piece& piece : connection->early) lose(connection->dialler, piece);
    bury(std::move(connection));
  }
  note_standing();
}

void LinkRelay::cut(CutHow how) {
  if (how == CutHow::kBlackhole) {
    state_ = State::kBlackhole;
    for (const auto& way : ways_) way->hold();
    return;
  }
  state_ = State::kCut;
  for (ListeningPort& port : ports_) port.close();
  drop_connections(how == CutHow::kReset);
  if (setup_.use == LinkUse::kPerMessage) tap_.link_ended(setup_.link);
}

std::optional<Error> LinkRelay::restore() {
  const State was = std::exchange(state_, State::kUp);
  if (was == State::kCut) {
    for (ListeningPort& port : ports_) {
      if (auto error = port.reopen()) return error;
    }
    if (setup_.use == LinkUse::kPerMessage) tap_.link_stands(setup_.link);
    return std::nullopt;
  }
  std::vector<std::uint64_t> waiting;
  for (const auto& [id, connection] : connections_) {
    if (!connection->dialled) waiting.push_back(id);
  }
  for (const std::uint64_t id : waiting) dial(id);
  for (const auto& way : ways_) way->release();
  return std::nullopt;
}

void LinkRelay::set(const TwoWayConditions& conditions) {
  ways_[0]->model().set(conditions.forward);
  ways_[1]->model().set(conditions.backward);
}

void LinkRelay::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  for (const auto& way : ways_) way->clear([](const RelayWay::Piece&) {});
  for (const auto& [id, connection] : connections_) {
    for (Side& side : connection->sides) {
      if (side.stream != nullptr) side.stream->abandon();
    }
  }
  connections_.clear();
}

}  // namespace sim
