// Plays updates on a tried herd and judges who hears of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/app/attempt/asker.h"
#include "sim/app/attempt/findings.h"
#include "sim/app/attempt/tried_herd.h"
#include "sim/script/spec/adjacency.h"

namespace sim {

// Why worlds with faults cannot be played on a herd whose floods are broken without any fault.
inline constexpr const char* kNoFlood = "without any fault, an update does not reach all servers";

// An update that a server was told, with the AT line of its answer.
struct ToldUpdate {
  std::string client;
  std::string line;  // of the answer
  std::uint32_t origin = 0;
  std::string sent;  // the IAMAT
};

class FloodPlay {
 public:
  // `asks_whatsat`: servers can be asked what they know. Otherwise a server counts as knowing an
  // update once a link has brought it, if links run through herdsim.
  FloodPlay(TriedHerd& herd, const Asker& asker, bool asks_whatsat, std::string world,
            Findings& findings);

  TriedHerd& herd() { return herd_; }
  const std::string& world() const { return world_; }
  // Whether it can be seen which server knows what.
  bool can_see() const { return asks_whatsat_ || herd_.spec().reaches_links(); }

  // Whether lines on links are seen, and name the clients that they are about. False too as long as
  // no line of them has been seen.
  bool reads_links() const { return herd_.spec().reaches_links() && herd_.lines().any(); }

  // Tells a server of a new client. It is a failure if the answer is not its AT line; nullopt if
  // the answer is no AT line of the client at all.
  std::optional<ToldUpdate> tell(std::uint32_t server, const std::string& what);
  // The same for a client that exists, at this location and time.
  std::optional<ToldUpdate> tell(std::uint32_t server, const std::string& client,
                                 const std::string& location, const std::string& time);
  // Returns whether each of these servers comes to hold the update. Each that does not is a failure
  // of `rule`.
  bool all_hear(const ToldUpdate& update, const std::vector<std::uint32_t>& servers,
                const std::string& rule);
  std::vector<std::uint32_t> all_servers() const;
  // Returns how many lines about a client went in each direction once no more come. `rests` is
  // false if more come after a time limit, although each direction could have had one.
  struct Counts {
    std::vector<std::size_t> by_direction;
    bool rests = true;
    std::size_t sum() const;
  };
  Counts counts_at_rest(const std::string& client) const;
  // Waits until updates reach all servers, and cross each link in both directions, but only for a
  // while: a link counts as open a moment before its servers use it.
  void settle();
  // Begins a world with faults: returns an update that all servers hold. nullopt if it does not
  // reach all of them without any fault; then the world cannot be played, which is reported.
  std::optional<ToldUpdate> known_to_all();
  // Tells `teller`, an endpoint of the link, of new clients until it sends a line about one over
  // the link. Returns false after a time limit. nullopt: the teller does not answer IAMATs, which
  // is reported.
  std::optional<bool> carries_again(std::uint32_t link, std::uint32_t teller) {
    return carries_until(link, teller, std::chrono::steady_clock::now() + kDialling);
  }
  // The same for a herd whose links cannot be seen: tells a server of new clients until all servers
  // hold one. If that takes too long it is a failure, and false is returned. `when`: after what.
  bool reaches_all_again(std::uint32_t teller, const std::string& when);
  // Returns the AT line that the server tells of a client; nullopt if it tells none, or if it
  // cannot be asked.
  std::optional<std::string> line_at(std::uint32_t server, const std::string& client) const;
  // Returns whether the server holds that update now: the client's location and time.
  bool holds(std::uint32_t server, const ToldUpdate& update) const;
  // Returns what the server answers when it is asked about a client, for a failure.
  std::string told_by(std::uint32_t server, const std::string& client) const;

  // Returns the line that an update was sent in, and to whom, for a failure.
  std::string sent_words(const ToldUpdate& update) const;
  void fail(const std::string& rule, std::string sentence, std::string sent = {},
            std::string expected = {}, std::string came = {});
  void hold() { findings_.hold(); }
  Findings& findings() { return findings_; }
  // A failure for each process that has ended by itself. `sent`: what it was sent before, if that
  // is known.
  void check_ended(const std::string& sent = {});
  // A failure for a server that takes no more connections; `sent`: what it was sent last.
  void check_gone(std::uint32_t server, const std::string& sent);
  // Returns "Alford - Hamilton".
  std::string link_name(std::uint32_t link) const;
  const Adjacency& neighbors() const { return adjacency_; }
  // Returns the direction of LinkTap from one server to a neighbour.
  std::uint32_t direction(std::uint32_t link, std::uint32_t from) const;

 private:
  // Returns those of the servers that do not hold the update in time.
  std::vector<std::uint32_t> missing_of(const ToldUpdate& update,
                                        std::vector<std::uint32_t> servers,
                                        Milliseconds within) const;
  // How long a link may take until it carries messages again: dialling backs off.
  static constexpr std::chrono::seconds kDialling{20};

  std::optional<bool> carries_until(std::uint32_t link, std::uint32_t teller,
                                    std::chrono::steady_clock::time_point end);
  bool has_knowing_neighbor(std::uint32_t server, const ToldUpdate& update) const;
  std::string why_not_heard(std::uint32_t server, const ToldUpdate& update) const;

  TriedHerd& herd_;
  const Asker& asker_;
  const bool asks_whatsat_;
  const std::string world_;
  Findings& findings_;
  const Adjacency adjacency_;
  std::map<std::string, int> numbers_;  // of clients, by what they are for
};

}  // namespace sim
