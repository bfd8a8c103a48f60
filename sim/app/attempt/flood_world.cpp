#include "sim/app/attempt/flood_world.h"

#include <fmt/format.h>

namespace sim {
namespace {

void check_flood_ends(FloodPlay& play, const ToldUpdate& update) {
  TriedHerd& herd = play.herd();
  if (!play.reads_links()) return;
  const FloodPlay::Counts counts = play.counts_at_rest(update.client);
  const std::string most = fmt::format("at most {} lines, one for each link and direction",
                                       2 * herd.spec().links.size());
  if (!counts.rests) {
    return play.fail("floods-for-ever",
                     fmt::format("the flood of {} does not end: servers send on what they know "
                                 "already",
                                 update.client),
                     play.sent_words(update), most,
                     fmt::format("{} lines, and more", counts.sum()));
  }
  for (std::uint32_t link = 0; link < herd.spec().links.size(); ++link) {
    const LinkSpec& ends = herd.spec().links[link];
    for (const std::uint32_t from : {ends.first, ends.second}) {
      const std::uint32_t way = play.direction(link, from);
      if (counts.by_direction[way] < 2) continue;
      return play.fail(
          "floods-twice",
          fmt::format("{} told {} of {} more than once", herd.name(from),
                      herd.name(from == ends.first ? ends.second : ends.first), update.client),
          play.sent_words(update), most,
          fmt::format("{} lines, as {}", counts.by_direction[way],
                      shown_bytes(herd.lines().last(update.client, way))));
    }
  }
  play.hold();
}

// An AT is relayed byte for byte.
void check_same_line(FloodPlay& play, const ToldUpdate& update) {
  for (const std::uint32_t server : play.all_servers()) {
    const auto line = play.line_at(server, update.client);
    if (!line || *line == update.line) continue;
    const std::string& origin = play.herd().name(update.origin);
    return play.fail("at-line",
                     fmt::format("{} tells of {} by another AT line than {} wrote: only the server "
                                 "that heard the client writes its name and the difference of the "
                                 "clocks",
                                 play.herd().name(server), update.client, origin),
                     play.sent_words(update), shown_bytes(update.line),
                     play.told_by(server, update.client));
  }
  play.hold();
}

// The server that a client has told sends to all its neighbours, whatever the others do.
void check_all_are_told(FloodPlay& play, const ToldUpdate& update) {
  TriedHerd& herd = play.herd();
  if (!play.reads_links()) return;
  const std::vector<std::size_t> counts = herd.lines().counts(update.client);
  for (const Adjacent& at : play.neighbors()[update.origin]) {
    if (counts[play.direction(at.link, update.origin)] > 0) continue;
    return play.fail("tells-all",
                     fmt::format("{} sent no AT to {}: a server sends a new report to all its "
                                 "neighbours",
                                 herd.name(update.origin), herd.name(at.peer)),
                     play.sent_words(update),
                     fmt::format("{} to {}", shown_bytes(update.line), herd.name(at.peer)),
                     "nothing on that link");
  }
  play.hold();
}

void check_no_refusals(FloodPlay& play) {
  TriedHerd& herd = play.herd();
  const std::vector<std::size_t> refusals = herd.lines().refusals();
  for (std::uint32_t link = 0; link < herd.spec().links.size(); ++link) {
    const LinkSpec& ends = herd.spec().links[link];
    for (const auto& [from, to] : {ends, LinkSpec{ends.second, ends.first}}) {
      const std::uint32_t way = play.direction(link, from);
      if (refusals[way] == 0) continue;
      return play.fail("link-answers",
                       fmt::format("{} answers {} on their link: a link never answers, because two "
                                   "servers would trade `? ` for ever",
                                   herd.name(from), herd.name(to)),
                       {}, "nothing", shown_bytes(herd.lines().last_refusal(way)));
    }
  }
  play.hold();
}

void check_older_update(FloodPlay& play) {
  TriedHerd& herd = play.herd();
  const std::string client = "try-older";
  const std::uint32_t far = herd.size() / 2;
  const auto newer = play.tell(0, client, "+2+2", "20");
  if (!newer || !play.all_hear(*newer, play.all_servers(), "flood")) return;
  const std::size_t before = play.counts_at_rest(client).sum();
  const auto older = play.tell(far, client, "+9+9", "10");
  if (!older) return;
  const std::size_t after = play.counts_at_rest(client).sum();
  if (after > before) {
    play.fail("floods-older",
              fmt::format("{} sends on an update that is older than what it knows", herd.name(far)),
              fmt::format("to {}: IAMAT {} +2+2 20, then to {}: IAMAT {} +9+9 10", herd.name(0),
                          client, herd.name(far), client),
              "no line on any link for the second", fmt::format("{} lines", after - before));
  }
  for (const std::uint32_t server : play.all_servers()) {
    if (play.holds(server, *newer)) continue;
    return play.fail(
        "newest-wins",
        fmt::format("{} lost the newer update of {} to an older one", herd.name(server), client),
        fmt::format("to {}: IAMAT {} +2+2 20, then to {}: IAMAT {} +9+9 10", herd.name(0), client,
                    herd.name(far), client),
        shown_bytes(newer->line), play.told_by(server, client));
  }
  play.hold();
}

}  // namespace

void play_flood_world(FloodPlay& play) {
  if (!play.can_see()) {
    return play.fail(
        "flood",
        "it cannot be told whether the herd floods: WHATSAT is not answered, and its links do not "
        "run through herdsim. Give the command the addresses of neighbours ({neighbors}, {dial} or "
        "{neighbor_ports}), or {places_url}");
  }
  for (const std::uint32_t server : play.all_servers()) {
    const auto told = play.tell(server, "flood");
    if (!told) continue;
    play.all_hear(*told, play.all_servers(), "flood");
    check_same_line(play, *told);
    check_flood_ends(play, *told);
    check_all_are_told(play, *told);
  }
  const bool are_links_opaque = play.herd().spec().reaches_links() && !play.reads_links();
  if (are_links_opaque && !play.findings().has("flood")) {
    play.findings().note(
        "no line on a link names the clients of the attempt, so it was not checked what servers "
        "send "
        "each other");
  }
  check_no_refusals(play);
  check_older_update(play);
  play.check_ended();
}

}  // namespace sim
