// Stands between two servers of a foreign herd: passes on what they say to each other with the
// delays of the link's models, and reports each line to a LinkTap. A server can dial the relay only
// while it could dial its neighbour. The loop's thread only.
//
// Many servers never close a connection that a neighbour has opened to them. So if each message has
// a connection of its own, the relay lets go of one whose dialler has ended and whose bytes are
// through, after a moment in which the other server may still answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/base/io/listening_port.h"
#include "sim/base/io/uv_error.h"
#include "sim/engines/relay/byte_relay.h"
#include "sim/engines/relay/link_tap.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

class LinkRelay final : public ByteRelay {
 public:
  struct Setup {
    std::uint32_t link = 0;
    LinkUse use = LinkUse::kPersistent;
    Models ways;  // out of the link's first server, out of its second
    std::function<void(const Error&)> on_failure;  // called if the relay cannot go on
  };
  // All must outlive the relay.
  LinkRelay(AlarmClock& alarms, const RunClock& clock, LinkTap& tap, const Setup& setup);

  // Takes a port of 127.0.0.1 for each server. They are closed until the neighbours listen.
  std::optional<Error> open();
  // The server at an endpoint listens from now on, or does not.
  void set_listening(std::size_t endpoint, bool listens);
  // Returns the port at which a server (0: the link's first, 1: its second) finds its neighbour.
  std::uint16_t port_for(std::size_t server) const { return ports_[server].port(); }
  // Ends all connections and drops what is in flight. The tap gets no more reports.
  void close();

  // Returns whether a connection carries messages, or messages need no lasting connection and both
  // servers listen.
  bool stands() const { return stood_; }
  // Returns whether each server has a connection that it dialled itself.
  bool stands_both_ways() const;

 private:
  // One side of a connection.
  struct Speaker {
    std::string rest;        // of a line that has not ended yet
    std::size_t passed = 0;  // part of `rest` passed on after a timeout
    bool rest_counted = false;
    std::unique_ptr<Alarm> timeout;  // of a line that does not end
  };
  struct Talk {
    std::size_t dialler = 0;  // 0: the link's first server
    std::array<Speaker, 2> speakers;
    bool stands = false;
    bool greets = false, proven = false;  // it opened with a LINK; that was answered
    bool known = false;                   // whether it opens with a LINK
    std::unique_ptr<Alarm> timeout;       // of a LINK that does not come
    std::unique_ptr<Alarm> letting_go;    // set once its dialler has ended
  };

  // ByteRelay
  void connection_began(Id id, std::size_t dialler) override;
  void connection_stands(Id id) override;
  void connection_over(Id id) override;
  void bytes_came(Id id, std::size_t side, std::string_view bytes) override;
  void bytes_ended(Id id, std::size_t side) override { pass_rest(id, side); }
  void end_delivered(Id id, std::size_t side) override;
  void bytes_arrived(std::size_t from, std::uint32_t message) override;
  void message_lost(std::size_t from, std::uint32_t message) override;
  void stop_listening() override;
  std::optional<Error> listen_again() override;
  void exhausted(int error) override;

  // Lets each server dial if its neighbour listens and the link is up.
  [[nodiscard]] std::optional<Error> open_ports();
  // Lets go of an idle connection, or looks again later.
  void let_go_when_idle(Id id);
  std::uint32_t direction(std::size_t from) const {
    return 2 * setup_.link + static_cast<std::uint32_t>(from);
  }
  // Reports a line to the tap, and returns the tap's message number.
  std::uint32_t say(Talk& talk, std::size_t side, std::string_view line);
  void complete_line(Id id, std::size_t side, std::string_view line);
  // Passes on a line that may never end.
  void pass_rest(Id id, std::size_t side);
  static bool carries_messages(const Talk& talk) {
    return talk.stands && talk.known && (!talk.greets || talk.proven);
  }
  // Reports to the tap if the link has come up or gone down.
  void note_standing();

  LinkTap& tap_;
  Setup setup_;
  bool stood_ = false;
  bool may_be_dialled_ = true;          // the link is not cut
  std::array<bool, 2> listens_{};       // by endpoint: whether its server does
  std::array<ListeningPort, 2> ports_;  // by the server that dials
  std::array<bool, 2> port_open_{};
  std::unordered_map<Id, Talk> talks_;
  std::deque<Id> lingering_;  // connections whose diallers have ended, oldest first
};

}  // namespace sim
