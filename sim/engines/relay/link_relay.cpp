#include "sim/engines/relay/link_relay.h"

#include <algorithm>
#include <utility>

namespace sim {
namespace {

// After this time a line without an ending is passed on as it is: some programs send no ending.
constexpr std::uint64_t kTimeoutNs = 2'000'000;
// A server that has said nothing for this time on a new connection does not open it with a LINK.
constexpr std::uint64_t kHandshakeNs = 30'000'000;
// The time in which a server may answer on a connection whose dialler has ended, and the number of
// such connections that a link may have.
constexpr std::uint64_t kLingerNs = 250'000'000;
constexpr std::size_t kMostLingering = 8;
// A line that does not end is kept for the tap up to this size. All of it is passed on.
constexpr std::size_t kMaxLine = std::size_t{1} << 20;

}  // namespace

LinkRelay::LinkRelay(AlarmClock& alarms, const RunClock& clock, LinkTap& tap, const Setup& setup)
    : ByteRelay(alarms, clock, setup.ways, Order::kOfLink),
      tap_(tap),
      setup_(setup),
      ports_{ListeningPort(alarms.loop(), [this](uv_stream_t* listener) { accept(0, listener); }),
             ListeningPort(alarms.loop(), [this](uv_stream_t* listener) { accept(1, listener); })} {
  static_assert(kNoMessage == LinkTap::kNoMessage);
  for (ListeningPort& port : ports_) {
    port.tell_if_exhausted([this](int error) { exhausted(error); });
  }
}

std::optional<Error> LinkRelay::open() {
  for (ListeningPort& port : ports_) {
    if (auto error = port.reserve("127.0.0.1", 0)) return error;
  }
  return std::nullopt;
}

void LinkRelay::set_listening(std::size_t endpoint, bool listens) {
  if (std::exchange(listens_[endpoint], listens) == listens) return;
  if (auto error = open_ports()) return setup_.on_failure(*error);
  note_standing();
}

std::optional<Error> LinkRelay::open_ports() {
  for (std::size_t dialler = 0; dialler < 2; ++dialler) {
    const bool open = may_be_dialled_ && listens_[1 - dialler];
    if (std::exchange(port_open_[dialler], open) == open) continue;
    if (!open) {
      ports_[dialler].close();
    } else if (auto error = ports_[dialler].reopen()) {
      return error;
    }
  }
  return std::nullopt;
}

void LinkRelay::exhausted(int error) {
  setup_.on_failure(uv_failure("a relay between two servers cannot go on", error));
}

void LinkRelay::close() {
  ByteRelay::close();
  talks_.clear();
  lingering_.clear();
}

bool LinkRelay::stands_both_ways() const {
  std::array<bool, 2> dialled{};
  for (const auto& [id, talk] : talks_) {
    if (carries_messages(talk)) dialled[talk.dialler] = true;
  }
  return dialled[0] && dialled[1];
}

void LinkRelay::connection_began(Id id, std::size_t dialler) { talks_[id].dialler = dialler; }

void LinkRelay::connection_stands(Id id) {
  Talk& talk = talks_.at(id);
  talk.stands = true;
  if (!talk.known) {
    talk.timeout = std::make_unique<Alarm>(alarms(), [this, id] {
      talks_.at(id).known = true;
      note_standing();
    });
    talk.timeout->set(uv_hrtime() + kHandshakeNs);
  }
  note_standing();
}

void LinkRelay::connection_over(Id id) {
  talks_.erase(id);
  std::erase(lingering_, id);
  note_standing();
}

void LinkRelay::end_delivered(Id id, std::size_t side) {
  if (setup_.use != LinkUse::kPerMessage || side != 0) return;
  Talk& talk = talks_.at(id);
  talk.letting_go = std::make_unique<Alarm>(alarms(), [this, id] { let_go_when_idle(id); });
  talk.letting_go->set(uv_hrtime() + kLingerNs);
  lingering_.push_back(id);
  if (lingering_.size() <= kMostLingering) return;
  // The end itself may still be unsent, so this one waits for the end of the loop's turn.
  const Id oldest = lingering_.front();
  lingering_.pop_front();
  talks_.at(oldest).letting_go->set(uv_hrtime());
}

void LinkRelay::let_go_when_idle(Id id) {
  if (is_through(id)) return let_go(id);
  talks_.at(id).letting_go->set(uv_hrtime() + kLingerNs);
}

std::uint32_t LinkRelay::say(Talk& talk, std::size_t side, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (side == 0) talk.known = true;
  if (side == 0 && line.starts_with("LINK ")) talk.greets = true;
  if (side == 1 && line.starts_with("LINKED ")) talk.proven = true;
  return tap_.line_said(direction(side == 0 ? talk.dialler : 1 - talk.dialler), line);
}

void LinkRelay::bytes_came(Id id, std::size_t side, std::string_view bytes) {
  Speaker& from = talks_.at(id).speakers[side];
  if (from.timeout) from.timeout->cancel();
  for (std::size_t end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
    complete_line(id, side, bytes.substr(0, end + 1));
    bytes.remove_prefix(end + 1);
    if (!is_open(id)) return;
  }
  if (bytes.empty()) return;
  from.rest.append(bytes);
  if (from.rest.size() > kMaxLine) return pass_rest(id, side);
  if (!from.timeout) {
    from.timeout = std::make_unique<Alarm>(alarms(), [this, id, side] { pass_rest(id, side); });
  }
  from.timeout->set(uv_hrtime() + kTimeoutNs);
}

void LinkRelay::complete_line(Id id, std::size_t side, std::string_view line) {
  Talk& talk = talks_.at(id);
  Speaker& from = talk.speakers[side];
  if (from.rest.empty()) {
    return send(id, side, line, say(talk, side, line.substr(0, line.size() - 1)));
  }
  const std::size_t passed = std::exchange(from.passed, 0);
  const bool counted = std::exchange(from.rest_counted, false);
  const std::string whole = std::exchange(from.rest, {}).append(line);
  const std::string_view said = std::string_view(whole).substr(0, whole.size() - 1);
  send(id, side, std::string_view(whole).substr(passed),
       counted ? kNoMessage : say(talk, side, said));
}

void LinkRelay::pass_rest(Id id, std::size_t side) {
  Talk& talk = talks_.at(id);
  Speaker& from = talk.speakers[side];
  if (from.passed == from.rest.size()) return;
  const std::string bytes = from.rest.substr(from.passed);
  std::uint32_t message = kNoMessage;
  if (!from.rest_counted) {
    message = say(talk, side, from.rest);
    from.rest_counted = message != kNoMessage;
  }
  from.passed = from.rest.size();
  // The next bytes begin a message of their own, or continue a line that is too long to keep.
  if (from.rest_counted || from.rest.size() > kMaxLine) {
    from.rest.clear();
    from.passed = 0;
    from.rest_counted = false;
  }
  send(id, side, bytes, message);
}

void LinkRelay::bytes_arrived(std::size_t from, std::uint32_t message) {
  if (message != kNoMessage) tap_.message_arrived(direction(from), message);
  note_standing();
}

void LinkRelay::message_lost(std::size_t from, std::uint32_t message) {
  tap_.message_lost(direction(from), message);
}

void LinkRelay::note_standing() {
  bool stands = may_be_dialled_ && listens_[0] && listens_[1];
  if (setup_.use == LinkUse::kPersistent) {
    stands = std::any_of(talks_.begin(), talks_.end(),
                         [](const auto& each) { return carries_messages(each.second); });
  }
  if (stands == std::exchange(stood_, stands)) return;
  stands ? tap_.link_stands(setup_.link) : tap_.link_ended(setup_.link);
}

void LinkRelay::stop_listening() {
  may_be_dialled_ = false;
  static_cast<void>(open_ports());  // only an opening can fail
  note_standing();
}

std::optional<Error> LinkRelay::listen_again() {
  may_be_dialled_ = true;
  if (auto error = open_ports()) return error;
  note_standing();
  return std::nullopt;
}

}  // namespace sim
