#include "sim/app/attempt/flood_play.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <thread>
#include <utility>

#include "core/line_fields.h"

namespace sim {
namespace {

using PlayClock = std::chrono::steady_clock;
// How long an update may take to every server of a herd that is at rest.
constexpr Milliseconds kHearing(10000);
// The same once an update has missed a server.
constexpr Milliseconds kHearingAgain(2000);
// How long a flood may go on that has more lines than it needs.
constexpr std::chrono::seconds kFlooding(4);
constexpr Milliseconds kBetweenCounts(400);
// How long a herd may take until its links are in use, once they are open.
constexpr std::chrono::seconds kSettling(10);
constexpr Milliseconds kBetweenTries(250), kBetweenQuestions(20);

// The fields of an AT line that identify a report.
struct ReportFields {
  std::string_view client, location, time;
  friend bool operator==(const ReportFields&, const ReportFields&) = default;
};

ReportFields fields_of(std::string_view line) {
  herd::LineFields fields(line);
  for (int skipped = 0; skipped < 3; ++skipped) fields.next();  // AT, the server, the difference
  ReportFields found;
  found.client = fields.next();
  found.location = fields.next();
  found.time = fields.next();
  return found;
}

}  // namespace

std::size_t FloodPlay::Counts::sum() const {
  return std::accumulate(by_direction.begin(), by_direction.end(), std::size_t{0});
}

FloodPlay::FloodPlay(TriedHerd& herd, const Asker& asker, bool asks_whatsat, std::string world,
                     Findings& findings)
    : herd_(herd),
      asker_(asker),
      asks_whatsat_(asks_whatsat),
      world_(std::move(world)),
      findings_(findings),
      adjacency_(make_adjacency(herd.spec())) {}

void FloodPlay::fail(const std::string& rule, std::string sentence, std::string sent,
                     std::string expected, std::string came) {
  findings_.fail(
      {rule, world_, std::move(sentence), std::move(sent), std::move(expected), std::move(came)});
}

std::optional<ToldUpdate> FloodPlay::tell(std::uint32_t server, const std::string& what) {
  return tell(server, fmt::format("{}{}-{}", LinkLines::kMark, what, ++numbers_[what]),
              "+34.068930-118.445127", "1479413884.392014450");
}

std::optional<ToldUpdate> FloodPlay::tell(std::uint32_t server, const std::string& client,
                                          const std::string& location, const std::string& time) {
  const std::string sent = fmt::format("IAMAT {} {} {}", client, location, time);
  const Answer answer = asker_.ask(herd_.address(server), sent);
  const std::string end = fmt::format(" {} {} {}", client, location, time);
  const ToldUpdate told{client, first_line(answer.text), server, sent};
  if (answer.text.starts_with("AT " + herd_.name(server) + " ") && answer.text.ends_with(end)) {
    return told;
  }
  fail("iamat", fmt::format("{} does not answer an IAMAT with its AT line", herd_.name(server)),
       shown_bytes(sent), fmt::format("AT {} …{}", herd_.name(server), end),
       answer.text.empty() ? "nothing" : shown_bytes(answer.text));
  // The flood of a line that is not quite right can be judged all the same.
  if (!told.line.starts_with("AT ") || fields_of(told.line).client != client) return std::nullopt;
  return told;
}

std::uint32_t FloodPlay::direction(std::uint32_t link, std::uint32_t from) const {
  return 2 * link + (herd_.spec().links[link].first == from ? 0 : 1);
}

std::optional<std::string> FloodPlay::line_at(std::uint32_t server,
                                              const std::string& client) const {
  if (!asks_whatsat_) return std::nullopt;
  return asker_.known(herd_.address(server), client);
}

bool FloodPlay::holds(std::uint32_t server, const ToldUpdate& update) const {
  if (asks_whatsat_) {
    const auto line = line_at(server, update.client);
    return line && fields_of(*line) == fields_of(update.line);
  }
  if (server == update.origin) return true;
  const std::vector<std::size_t> counts = herd_.lines().counts(update.client);
  const std::vector<Adjacent>& near = adjacency_[server];
  return std::any_of(near.begin(), near.end(),
                     [&](const Adjacent& at) { return counts[direction(at.link, at.peer)] > 0; });
}

std::string FloodPlay::told_by(std::uint32_t server, const std::string& client) const {
  if (!asks_whatsat_) return "";
  const std::string question = fmt::format("WHATSAT {} 10 1", client);
  const Answer answer = asker_.ask(herd_.address(server), question);
  return fmt::format("{} answers {} with {}", herd_.name(server), shown_bytes(question),
                     answer.text.empty() ? "nothing" : shown_bytes(first_line(answer.text)));
}

std::string FloodPlay::why_not_heard(std::uint32_t server, const ToldUpdate& update) const {
  const std::string& name = herd_.name(server);
  if (server == update.origin) return "it was told itself, and does not tell of it";
  if (line_at(server, update.client)) return "it tells of another report of the client";
  if (!herd_.spec().reaches_links()) {
    return "its links cannot be seen, because they do not run through herdsim";
  }
  const std::vector<std::size_t> counts = herd_.lines().counts(update.client);
  std::string silent;
  for (const Adjacent& at : adjacency_[server]) {
    const std::string& peer = herd_.name(at.peer);
    if (const std::uint32_t way = direction(at.link, at.peer); counts[way] > 0) {
      return fmt::format("{} sent {} {}, and {} did not take it", peer, name,
                         shown_bytes(herd_.lines().last(update.client, way)), name);
    }
    // A neighbour that never heard itself had nothing to send.
    if (holds(at.peer, update)) silent += (silent.empty() ? "" : ", ") + peer;
  }
  if (silent.empty()) return "none of its neighbours knows the client either";
  return fmt::format("{} sent no AT to {}", silent, name);
}

std::string FloodPlay::sent_words(const ToldUpdate& update) const {
  return fmt::format("{} to {}", shown_bytes(update.sent), herd_.name(update.origin));
}

bool FloodPlay::has_knowing_neighbor(std::uint32_t server, const ToldUpdate& update) const {
  const std::vector<Adjacent>& near = adjacency_[server];
  return std::any_of(near.begin(), near.end(),
                     [&](const Adjacent& at) { return holds(at.peer, update); });
}

std::vector<std::uint32_t> FloodPlay::missing_of(const ToldUpdate& update,
                                                 std::vector<std::uint32_t> servers,
                                                 Milliseconds within) const {
  const auto end = PlayClock::now() + within;
  for (;;) {
    std::erase_if(servers, [&](std::uint32_t server) { return holds(server, update); });
    if (servers.empty() || PlayClock::now() > end) return servers;
    std::this_thread::sleep_for(kBetweenQuestions);
  }
}

bool FloodPlay::all_hear(const ToldUpdate& update, const std::vector<std::uint32_t>& servers,
                         const std::string& rule) {
  std::vector<std::uint32_t> missing =
      missing_of(update, servers, findings_.has(rule) ? kHearingAgain : kHearing);
  // First those whose neighbours are to blame; the others only follow from them.
  std::stable_partition(missing.begin(), missing.end(),
                        [&](std::uint32_t server) { return has_knowing_neighbor(server, update); });
  for (const std::uint32_t server : missing) {
    fail(rule,
         fmt::format("{} never heard of {}: {}", herd_.name(server), update.client,
                     why_not_heard(server, update)),
         sent_words(update), fmt::format("{} at {}", shown_bytes(update.line), herd_.name(server)),
         told_by(server, update.client));
  }
  if (missing.empty()) hold();
  return missing.empty();
}

std::vector<std::uint32_t> FloodPlay::all_servers() const {
  std::vector<std::uint32_t> all(herd_.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

FloodPlay::Counts FloodPlay::counts_at_rest(const std::string& client) const {
  const auto end = PlayClock::now() + kFlooding;
  Counts counts{herd_.lines().counts(client), true};
  for (;;) {
    std::this_thread::sleep_for(kBetweenCounts);
    std::vector<std::size_t> now = herd_.lines().counts(client);
    if (std::exchange(counts.by_direction, std::move(now)) == herd_.lines().counts(client)) {
      return counts;
    }
    if (PlayClock::now() > end && counts.sum() > counts.by_direction.size()) {
      counts.rests = false;
      return counts;
    }
  }
}

std::optional<ToldUpdate> FloodPlay::known_to_all() {
  auto told = tell(0, "before");
  if (told && all_hear(*told, all_servers(), "flood")) return told;
  findings_.not_played(world_, kNoFlood);
  return std::nullopt;
}

void FloodPlay::settle() {
  const auto end = PlayClock::now() + kSettling;
  for (;;) {
    const auto told = tell(0, "settle");
    if (!told || PlayClock::now() > end) return;
    if (missing_of(*told, all_servers(), kHearingAgain).empty()) break;
  }
  if (!reads_links()) return;
  for (std::uint32_t link = 0; link < herd_.spec().links.size(); ++link) {
    for (const std::uint32_t teller :
         {herd_.spec().links[link].first, herd_.spec().links[link].second}) {
      if (!carries_until(link, teller, end).value_or(false)) return;
    }
  }
}

std::optional<bool> FloodPlay::carries_until(std::uint32_t link, std::uint32_t teller,
                                             PlayClock::time_point end) {
  do {
    const auto told = tell(teller, "again");
    if (!told) return std::nullopt;
    const auto next = PlayClock::now() + kBetweenTries;
    do {
      const std::vector<std::size_t> counts = herd_.lines().counts(told->client);
      if (counts[direction(link, teller)] > 0) return true;
      std::this_thread::sleep_for(kBetweenQuestions);
    } while (PlayClock::now() < next);
  } while (PlayClock::now() < end);
  return false;
}

bool FloodPlay::reaches_all_again(std::uint32_t teller, const std::string& when) {
  const auto end = PlayClock::now() + kDialling;
  for (;;) {
    const auto told = tell(teller, "again");
    if (!told) return false;
    const std::vector<std::uint32_t> missing = missing_of(*told, all_servers(), kHearingAgain);
    if (missing.empty()) return true;
    if (PlayClock::now() < end) continue;
    fail("re-dial",
         fmt::format("{} does not hear of what {} is told any more {}", herd_.name(missing.front()),
                     herd_.name(teller), when),
         sent_words(*told), shown_bytes(told->line), told_by(missing.front(), told->client));
    return false;
  }
}

void FloodPlay::check_ended(const std::string& sent) {
  for (const std::string& what : herd_.ended()) {
    fail("server-ended", fmt::format("a server has ended by itself: {}", what), sent);
  }
}

void FloodPlay::check_gone(std::uint32_t server, const std::string& sent) {
  const auto end = PlayClock::now() + kHearingAgain;
  // How its process has ended is known a moment after its port is closed.
  while (herd_.ended().empty() && PlayClock::now() < end) {
    std::this_thread::sleep_for(kBetweenQuestions);
  }
  if (!herd_.ended().empty()) return check_ended(sent);
  fail("server-ended",
       fmt::format("{} takes no more connections, although its process runs", herd_.name(server)),
       sent);
}

std::string FloodPlay::link_name(std::uint32_t link) const {
  const LinkSpec& ends = herd_.spec().links[link];
  return herd_.name(ends.first) + " - " + herd_.name(ends.second);
}

}  // namespace sim
