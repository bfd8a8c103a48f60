// Watches a herd by asking its servers as clients do: it sends a WHATSAT for each client of which a
// server should hear, repeatedly until the server has. A delivery is known only once an answer
// shows it. If a newer update overtakes another one between two questions, the older one's delivery
// is never seen.
//
// The herd's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/base/io/run_clock.h"
#include "sim/engines/watch/outside_watch.h"
#include "sim/script/plan/plan.h"
#include "sim/script/spec/herd_spec.h"
#include "sim/worlds/world/client_world.h"

namespace sim {

class WhatsatWatch final : public ClientWorldHandler {
 public:
  // All arguments must outlive the watch. The watch must be the handler of `world`; the client
  // number of its connections does not matter.
  WhatsatWatch(const HerdSpec& spec, const Plan& plan, const RunClock& clock, OutsideWatch& watch,
               ClientWorld& world);

  // A server has accepted the update. From now on the other servers are asked for it.
  void accepted(std::uint32_t update, std::uint32_t origin);
  // Stops asking.
  void stop() { stopped_ = true; }
  // Returns whether no update is awaited, or nothing has been found for so long that nothing more
  // is expected.
  bool settled() const;

  // ClientWorldHandler
  void time_reached() override;
  void connected(ClientConnection connection) override;
  void line_received(ClientConnection, std::string_view) override {}
  void reply_received(ClientConnection connection, const ForeignReply& reply) override;
  void reply_missing(ClientConnection connection, NoReply why) override;
  void disconnected(ClientConnection connection, bool orderly, std::string_view why) override;

 private:
  struct Asked {
    std::optional<ClientConnection> connection;
    bool waiting = false;               // for a reply
    herd::Instant not_before;           // earliest time of the next question, or dial
    std::deque<std::uint32_t> awaited;  // updates that it is not known to hold
  };

  void ask(std::uint32_t server);
  void ask_all();
  void arm();
  std::optional<std::uint32_t> server_of(ClientConnection connection) const;

  const Plan& plan_;
  const RunClock& clock_;
  OutsideWatch& watch_;
  ClientWorld& world_;
  std::vector<Asked> servers_;
  herd::Instant last_found_ = herd::Instant::min();
  bool stopped_ = false;
};

}  // namespace sim
