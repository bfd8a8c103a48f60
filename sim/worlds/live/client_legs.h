// The TCP connections of one herd's clients, each behind the access link that its client has. The
// link lies on the clients' side: the servers see what is said when it has crossed it, the client
// what it is told. A leg is one connection; what is made of one or of many is the owner's.
//
// The loop's thread only. The owner is never called from within these calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "sim/base/free_places.h"
#include "sim/base/io/alarm_clock.h"
#include "sim/base/io/io_loop.h"
#include "sim/base/io/run_clock.h"
#include "sim/base/io/stream.h"
#include "sim/worlds/live/access_path.h"

namespace sim {

using LegId = herd::Id<struct ClientLegTag>;  // used again once the leg is over

class ClientLegsOwner {
 public:
  virtual ~ClientLegsOwner() = default;
  virtual void leg_stands(LegId leg) = 0;
  // A line without its ending, or bytes as they came. The view holds for the call only.
  virtual void leg_heard(LegId leg, std::string_view text) = 0;
  // The connection is gone, or never came to be. `orderly`: both sides had said all.
  virtual void leg_over(LegId leg, bool orderly, const std::string& why) = 0;
  // This process has no descriptor for a leg, which is over then. `error` is libuv's.
  virtual void legs_exhausted(int error) = 0;
};

class ClientLegs final : private StreamOwner {
 public:
  struct Setup {
    bool raw = false;  // bytes as they come, not lines
    Stream::Limits limits = {};
  };

  // `servers`: where each server of the herd listens. `links` by client: their access links; null
  // for one that has none to speak of. The loop, the clock and the owner must outlive the legs.
  ClientLegs(IoLoop& loop, const RunClock& clock, std::vector<sockaddr_storage> servers,
             std::vector<std::unique_ptr<AccessLink>> links, ClientLegsOwner& owner, Setup setup);
  ~ClientLegs() override;
  ClientLegs(const ClientLegs&) = delete;
  ClientLegs& operator=(const ClientLegs&) = delete;

  LegId dial(std::uint32_t client, std::uint32_t server);
  // May be said before the leg stands.
  void say(LegId leg, std::string_view text, std::string_view ending);
  // Returns whether the leg stands, its access link carries nothing, nothing waits to be heard, and
  // nothing was said or heard on it for kAnswerTime.
  bool at_rest(LegId leg) const;
  // Says no more, and waits for the server to say all and end.
  void finish(LegId leg);
  // Has no more use for it: says so to the server, and the owner hears nothing more of it. A server
  // that does not end then is left soon, and at once when the client dismisses another leg, so that
  // no client holds more than two descriptors.
  void dismiss(LegId leg);

  AlarmClock& alarms() { return alarms_; }

 private:
  struct Leg {
    Stream* stream = nullptr;          // null: not dialled yet, or gone
    std::unique_ptr<AccessPath> path;  // null: the client has no access link to speak of
    std::uint32_t client = 0, server = 0;
    std::uint64_t moved_ms = 0;  // when something last crossed to or from the server, by uv_now()
    bool stands = false, dismissed = false;
  };

  void open(LegId id);
  void drop(LegId id);
  void release_later(LegId id);
  // Something has crossed the access link.
  void crossed_up(LegId id, std::string_view text, std::string_view ending,
                  const PieceLabel& label);
  void crossed_down(LegId id, std::string_view text, const PieceLabel& label);
  void heard(LegId id, std::string_view text, std::size_t ending_bytes);
  void over(LegId id, bool orderly, const std::string& why);
  void release(LegId id);
  // StreamOwner
  void connected(Stream& stream) override;
  std::size_t max_line(const Stream& stream) const override;
  bool line_received(Stream& stream, const herd::Line& line) override;
  void bytes_received(Stream& stream, std::string_view bytes) override;
  void overlong_line(Stream& stream, std::string_view first_bytes) override;
  void input_ended(Stream& stream) override;
  void closed(Stream& stream, StreamEnd end, int error) override;

  IoLoop& loop_;
  const RunClock& clock_;
  std::vector<sockaddr_storage> servers_;
  std::vector<std::unique_ptr<AccessLink>> links_;
  ClientLegsOwner& owner_;
  Setup setup_;
  AlarmClock alarms_;
  std::vector<Leg> legs_;  // by LegId
  FreePlaces<LegId> free_;
  std::vector<std::optional<LegId>> leaving_;  // by client: dismissed, and not over yet
};

}  // namespace sim
