#include "sim/app/attempt/fault_worlds.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

namespace sim {
namespace {

// Waits until a link carries messages again, after what `when` says.
bool check_carries(FloodPlay& play, std::uint32_t link, std::uint32_t teller,
                   const std::string& when) {
  if (!play.reads_links()) return play.reaches_all_again(teller, when);
  const std::optional<bool> carries = play.carries_again(link, teller);
  if (!carries) return false;
  if (*carries) {
    play.hold();
    return true;
  }
  const LinkSpec& ends = play.herd().spec().links[link];
  const std::string& from = play.herd().name(teller);
  const std::string& to = play.herd().name(teller == ends.first ? ends.second : ends.first);
  play.fail("re-dial",
            fmt::format("{} tells {} nothing any more {}: a server must drop a broken link and "
                        "dial it again",
                        from, to, when),
            fmt::format("to {}: IAMATs of new clients, for 20 s", from),
            fmt::format("an AT from {} to {}", from, to), "none");
  return false;
}

// A record that a server held must still be there: only a server that was down may forget.
void check_kept(FloodPlay& play, const ToldUpdate& before,
                const std::vector<std::uint32_t>& servers, const std::string& when) {
  for (const std::uint32_t server : servers) {
    if (play.holds(server, before)) continue;
    return play.fail(
        "forgets", fmt::format("{} forgot {} {}", play.herd().name(server), before.client, when),
        play.sent_words(before), shown_bytes(before.line), play.told_by(server, before.client));
  }
  play.hold();
}

std::vector<std::uint32_t> others_than(const FloodPlay& play, std::uint32_t server) {
  std::vector<std::uint32_t> others = play.all_servers();
  std::erase(others, server);
  return others;
}

// Waits until the server's port is open, or is not. Returns false after a time limit, or if a
// process ends by itself.
bool wait_listening(TriedHerd& herd, std::uint32_t server, bool listens) {
  const auto end = std::chrono::steady_clock::now() + herd.spec().external->ready_within;
  const std::size_t ended = herd.ended().size();
  while (herd.listens(server) != listens) {
    if (std::chrono::steady_clock::now() > end || herd.ended().size() > ended) return false;
    std::this_thread::sleep_for(Milliseconds(20));
  }
  return true;
}

// Kills a server, tells another one of a client meanwhile, and starts the server again. Returns
// false if it does not listen then.
bool kill_and_start(FloodPlay& play, const ToldUpdate& before, std::uint32_t killed,
                    std::uint32_t teller) {
  TriedHerd& herd = play.herd();
  const std::string& name = herd.name(killed);
  const std::vector<std::uint32_t> others = others_than(play, killed);
  herd.apply(StopServer{killed});
  if (!wait_listening(herd, killed, false)) {
    play.fail("restart", fmt::format("the port of {} stays open after it was killed", name));
    return false;
  }
  if (const auto told = play.tell(teller, "killed")) play.all_hear(*told, others, "server-down");
  check_kept(play, before, others, "when " + name + " was killed");
  herd.apply(StartServer{killed});
  if (wait_listening(herd, killed, true)) return true;
  play.fail(
      "restart",
      fmt::format("{} does not listen on its port after it was killed and started again", name));
  return false;
}

void note_if_forgotten(FloodPlay& play, const ToldUpdate& before, std::uint32_t killed) {
  if (play.holds(killed, before)) return;
  play.findings().note(fmt::format(
      "{} forgot what it knew before it was killed. That is no fault: the protocol lets a server "
      "that was down lose its memory",
      play.herd().name(killed)));
}

// Waits until a server that was started again and its neighbours tell each other of updates.
bool check_rejoined(FloodPlay& play, std::uint32_t killed) {
  const std::string when = "after " + play.herd().name(killed) + " was killed and started again";
  for (const Adjacent& at : play.neighbors()[killed]) {
    if (!check_carries(play, at.link, at.peer, when)) return false;
    if (!check_carries(play, at.link, killed, when)) return false;
  }
  return true;
}

}  // namespace

void play_link_drop(FloodPlay& play) {
  const auto before = play.known_to_all();
  if (!before) return;
  for (std::uint32_t link = 0; link < play.herd().spec().links.size(); ++link) {
    const std::uint32_t teller = play.herd().spec().links[link].first;
    const std::string cut = "after the link " + play.link_name(link) + " was cut";
    play.herd().apply(CutLink{link});
    const auto told = play.tell(teller, "cut");
    if (told) play.all_hear(*told, play.all_servers(), "link-down");
    play.herd().apply(RestoreLink{link});
    const std::uint32_t other = play.herd().spec().links[link].second;
    const std::string when = cut + " and restored";
    if (!check_carries(play, link, teller, when) || !check_carries(play, link, other, when)) break;
    check_kept(play, *before, play.all_servers(), cut);
    const auto after = play.tell(teller, "restored");
    if (after) play.all_hear(*after, play.all_servers(), "link-up");
  }
  play.check_ended();
}

void play_partition(FloodPlay& play) {
  const std::vector<std::uint32_t> here = {0, 4}, there = {1, 2, 3};
  const auto is_here = [&](std::uint32_t server) {
    return std::find(here.begin(), here.end(), server) != here.end();
  };
  if (!play.known_to_all()) return;
  std::vector<std::uint32_t> cut;
  const std::vector<LinkSpec>& links = play.herd().spec().links;
  for (std::uint32_t link = 0; link < links.size(); ++link) {
    if (is_here(links[link].first) != is_here(links[link].second)) cut.push_back(link);
  }
  for (const std::uint32_t link : cut) play.herd().apply(CutLink{link});
  for (const auto* side : {&here, &there}) {
    const auto told = play.tell(side->front(), "parted");
    if (told) play.all_hear(*told, *side, "partition");
  }
  for (const std::uint32_t link : cut) play.herd().apply(RestoreLink{link});
  bool carries = true;
  for (const std::uint32_t link : cut) {
    const std::string when = "after the partition ended";
    carries = carries && check_carries(play, link, links[link].first, when) &&
              check_carries(play, link, links[link].second, when);
  }
  for (const std::uint32_t server : {here.front(), there.front()}) {
    const auto told = carries ? play.tell(server, "healed") : std::nullopt;
    if (told) play.all_hear(*told, play.all_servers(), "heal");
  }
  play.check_ended();
}

void play_restart(FloodPlay& play) {
  const std::uint32_t killed = 3, teller = 1;
  const auto before = play.known_to_all();
  if (!before) return;
  if (kill_and_start(play, *before, killed, teller)) {
    note_if_forgotten(play, *before, killed);
    if (check_rejoined(play, killed)) {
      for (const std::uint32_t server : {teller, killed}) {
        const auto told = play.tell(server, "restarted");
        if (told) play.all_hear(*told, play.all_servers(), "server-up");
      }
    }
  }
  play.check_ended();
}

}  // namespace sim
