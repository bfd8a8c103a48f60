// Watches a herd by asking its servers as clients do: it sends a WHATSAT for each client of which a
// server should hear, repeatedly until the server has. A delivery is known only once an answer
// shows it. If a newer update overtakes another one between two questions, the older one's delivery
// is never seen.
//
// Some servers flood an update before they answer it. So each server is asked from the moment on at
// which the script has the update sent. Other servers say nothing to a question about a client that
// they do not know, and would be asked nothing else until it times out. A first question on a
// connection of its own tells whether a server is one of those. It is asked about a new client only
// once the update is accepted, and since when it has held the update is then not known.
//
// The herd's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_set>
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

  // Begins to ask. The world's time zero has been set.
  void begin();
  // A server has accepted the update. From now on the other servers are asked until they hold it.
  void accepted(std::uint32_t update, std::uint32_t origin);
  // Returns whether any answer was a report of the script.
  bool has_seen_any() const { return seen_any_; }
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
  void reply_missing(ClientConnection connection, NoReply why, std::string_view so_far) override;
  void disconnected(ClientConnection connection, bool orderly, std::string_view why) override;

 private:
  struct Awaited {
    std::uint32_t update = 0;
    bool dated = false;  // it was asked for before the server could hold it
  };
  struct Asked {
    std::optional<ClientConnection> connection, first_question;
    bool answers_about_anybody = false;
    bool waiting = false;                          // for a reply
    std::uint32_t asked_for = 0;                   // the update of the last question
    herd::Instant not_before;                      // earliest time of the next question, or dial
    std::deque<Awaited> awaited;                   // updates that it is not known to hold
    std::unordered_set<std::uint32_t> held_early;  // updates that no server is known to accept yet
  };

  // Adds the updates whose time to be sent has come.
  void expect_due();
  // Returns whether a server may be asked about an update's client before it is told of it.
  bool may_ask_early(std::uint32_t server, std::uint32_t update) const;
  void took_note(std::uint32_t server, const ForeignReply& reply);
  // Returns whether it makes no more sense to ask for an update: it was never accepted.
  bool is_hopeless(std::uint32_t update) const;
  void ask(std::uint32_t server);
  void ask_all();
  void arm();
  std::optional<std::uint32_t> server_of(ClientConnection connection) const;
  // Handles what came of a first question. Returns false if the connection is not of one.
  bool first_question_over(ClientConnection connection, bool answered);

  const Plan& plan_;
  const RunClock& clock_;
  OutsideWatch& watch_;
  ClientWorld& world_;
  std::vector<Asked> servers_;
  std::uint32_t next_expected_ = 0;  // a place in Plan::updates, which are in order of time
  Duration reply_within_;
  herd::Instant last_found_ = herd::Instant::min();
  bool begun_ = false, stopped_ = false, seen_any_ = false;
};

}  // namespace sim
