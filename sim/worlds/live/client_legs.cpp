#include "sim/worlds/live/client_legs.h"

#include <utility>

#include "sim/base/io/out_of_descriptors.h"
#include "sim/worlds/live/live_limits.h"

namespace sim {
namespace {

// An answer's longest line is the Places JSON of a WHATSAT, 4 MiB at the most.
constexpr std::size_t kMaxAnswerLine = std::size_t{5} << 20;
// How long a server may take to end a connection that its client has dismissed.
constexpr std::uint64_t kLeaveNs = 500'000'000;
// While more than this is on its way to a client from a server that may never end, no more is read.
constexpr std::size_t kMostComing = std::size_t{1} << 20;

bool is_end(const PieceLabel& label) { return label.kind == PieceLabel::Kind::kEnd; }

}  // namespace

ClientLegs::ClientLegs(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
                       std::vector<std::unique_ptr<AccessLink>> links, ClientLegsOwner& owner,
                       Setup setup)
    : loop_(loop),
      clock_(clock),
      servers_(std::move(servers)),
      links_(std::move(links)),
      owner_(owner),
      setup_(setup),
      alarms_(loop),
      leaving_(links_.size()) {}

ClientLegs::~ClientLegs() {
  for (const Leg& leg : legs_) {
    if (leg.stream != nullptr) leg.stream->abandon();
  }
}

LegId ClientLegs::dial(std::uint32_t client, std::uint32_t server) {
  const LegId id = free_.take(legs_);
  Leg& leg = legs_[id.value];
  leg = {};
  leg.client = client;
  leg.server = server;
  if (AccessLink* const link = links_[client].get()) {
    leg.path = std::make_unique<AccessPath>(
        *link, clock_, alarms_,
        [this, id](std::string_view text, std::string_view ending, const PieceLabel& label) {
          crossed_up(id, text, ending, label);
        },
        [this, id](std::string_view text, std::string_view, const PieceLabel& label) {
          crossed_down(id, text, label);
        },
        [this, id] { open(id); });
  } else {
    open(id);
  }
  return id;
}

void ClientLegs::open(LegId id) {
  if (legs_[id.value].dismissed) return;
  Stream* const stream = Stream::create(loop_, *this, id.value);
  stream->set_limits(setup_.limits);
  if (setup_.raw) stream->set_raw();
  const sockaddr_storage& address = servers_[legs_[id.value].server];
  const int error = stream->connect(reinterpret_cast<const sockaddr*>(&address));
  if (error == 0) {
    legs_[id.value].stream = stream;
    return;
  }
  stream->abandon();
  loop_.defer([this, id, error] {
    if (is_out_of_descriptors(error)) owner_.legs_exhausted(error);
    over(id, false, uv_strerror(error));
  });
}

bool ClientLegs::at_rest(LegId id) const {
  const Leg& leg = legs_[id.value];
  if (!leg.stands || leg.stream == nullptr || leg.stream->unsent() > 0) return false;
  if (leg.stream->has_input() || (leg.path && !leg.path->empty())) return false;
  return uv_now(loop_.uv()) >= leg.moved_ms + static_cast<std::uint64_t>(kAnswerTime.count());
}

void ClientLegs::say(LegId id, std::string_view text, std::string_view ending) {
  Leg& leg = legs_[id.value];
  if (leg.path) return leg.path->say(text, ending);
  leg.moved_ms = uv_now(loop_.uv());
  if (leg.stream != nullptr) leg.stream->write(text, ending);
}

void ClientLegs::finish(LegId id) {
  const Leg& leg = legs_[id.value];
  if (leg.path) return leg.path->finish();
  if (leg.stream != nullptr) leg.stream->finish(false);
}

void ClientLegs::dismiss(LegId id) {
  Leg& leg = legs_[id.value];
  leg.dismissed = true;
  if (auto& before = leaving_[leg.client]) drop(*std::exchange(before, std::nullopt));
  if (!leg.stands || leg.stream == nullptr) return drop(id);
  leaving_[leg.client] = id;
  leg.stream->set_limits({0, 0, kLeaveNs});
  if (leg.path) return leg.path->finish();
  leg.stream->finish(true);
}

void ClientLegs::drop(LegId id) {
  Leg& leg = legs_[id.value];
  if (leg.stream != nullptr) std::exchange(leg.stream, nullptr)->abandon();
  release_later(id);
}

// Deferred, because the caller may be the leg's own path, which ends with it.
void ClientLegs::release_later(LegId id) {
  loop_.defer([this, id] { release(id); });
}

void ClientLegs::crossed_up(LegId id, std::string_view text, std::string_view ending,
                            const PieceLabel& label) {
  Leg& leg = legs_[id.value];
  if (leg.stream == nullptr) return;
  leg.moved_ms = uv_now(loop_.uv());
  is_end(label) ? leg.stream->finish(leg.dismissed) : leg.stream->write(text, ending);
}

void ClientLegs::crossed_down(LegId id, std::string_view text, const PieceLabel& label) {
  Leg& leg = legs_[id.value];
  if (leg.dismissed) return;
  leg.moved_ms = uv_now(loop_.uv());
  const AccessPath& path = *leg.path;
  if (setup_.raw && leg.stream != nullptr && path.coming() <= kMostComing) {
    leg.stream->set_reading(true);
  }
  if (!is_end(label)) return owner_.leg_heard(id, text);
  // Deferred, because the caller is the path, which ends with the leg.
  loop_.defer(
      [this, id, orderly = path.orderly_end, why = path.end_reason] { over(id, orderly, why); });
}

void ClientLegs::connected(Stream& stream) {
  Leg& leg = legs_[stream.tag()];
  leg.stands = true;
  if (leg.path) leg.path->stands();
  owner_.leg_stands(LegId{stream.tag()});
}

std::size_t ClientLegs::max_line(const Stream&) const { return kMaxAnswerLine; }

bool ClientLegs::line_received(Stream& stream, const herd::Line& line) {
  heard(LegId{stream.tag()}, line.text, 1);
  return true;
}

void ClientLegs::bytes_received(Stream& stream, std::string_view bytes) {
  heard(LegId{stream.tag()}, bytes, 0);
}

void ClientLegs::heard(LegId id, std::string_view text, std::size_t ending_bytes) {
  Leg& leg = legs_[id.value];
  if (leg.dismissed) return;
  leg.moved_ms = uv_now(loop_.uv());
  if (!leg.path) return owner_.leg_heard(id, text);
  AccessPath& path = *leg.path;
  path.hear(text, ending_bytes);
  // By now the owner may have dialled, which moves the legs, or have dismissed this one.
  Stream* const stream = legs_[id.value].stream;
  if (setup_.raw && stream != nullptr && path.coming() > kMostComing) stream->set_reading(false);
}

void ClientLegs::overlong_line(Stream& stream, std::string_view) { stream.finish(true); }

void ClientLegs::input_ended(Stream& stream) { stream.finish(true); }

void ClientLegs::closed(Stream& stream, StreamEnd end, int error) {
  const LegId id{stream.tag()};
  Leg& leg = legs_[id.value];
  leg.stream = nullptr;
  if (leg.dismissed) {
    leaving_[leg.client].reset();
    return release_later(id);
  }
  const bool orderly = end == StreamEnd::kOrderly;
  std::string why = orderly ? "" : uv_strerror(error);
  if (leg.path) return leg.path->hear_end(orderly, std::move(why));
  over(id, orderly, why);
}

void ClientLegs::over(LegId id, bool orderly, const std::string& why) {
  if (legs_[id.value].dismissed) return;
  owner_.leg_over(id, orderly, why);
  release(id);
}

void ClientLegs::release(LegId id) {
  legs_[id.value] = {};
  free_.give_back(id);
}

}  // namespace sim
