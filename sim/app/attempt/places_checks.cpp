#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/app/attempt/checks.h"
#include "sim/base/json/parse_json.h"

namespace sim {
namespace {

constexpr const char* kPlacesWorld = "places";
constexpr int kBound = 2;
// How long Places takes to answer; and longer, if the machine was too busy for a judgement.
constexpr std::array kSlow = {Milliseconds(1000), Milliseconds(4000)};

std::string report_of(const std::string& client, int time) {
  return fmt::format("IAMAT {} +34.068930-118.445127 {}", client, time);
}

// Returns what is wrong with the JSON of a WHATSAT's answer; empty if nothing is.
std::string json_problem(std::string_view json, bool has_places) {
  json_error_t error;
  const OwnedJson root = parse_json(json, 0, &error);
  if (!root || !json_is_object(root.get())) return "what follows the AT line is no JSON object";
  const json_t* const results = json_object_get(root.get(), "results");
  if (!json_is_array(results)) return "its JSON has no list `results`";
  const std::size_t count = json_array_size(results);
  if (count > kBound)
    return fmt::format("its JSON has {} results, and the bound is {}", count, kBound);
  const std::string_view status = string_of(json_object_get(root.get(), "status"));
  if (!has_places) return "";
  if (status != "OK" || count == 0) {
    return fmt::format("Places found places there, and the JSON has {} results and the status '{}'",
                       count, status);
  }
  return "";
}

// Returns what is wrong with the end of a WHATSAT's answer; empty if nothing is.
std::string frame_problem(std::string text) {
  std::erase(text, '\r');
  const std::size_t first = text.find("\n\n");
  if (first == std::string::npos) return "no empty line follows its JSON";
  if (first + 2 < text.size()) return "an empty line stands before its end";
  return "";
}

// Returns all bytes that answer a WHATSAT, up to the empty line at its end. If that is missing,
// waits some time for it.
std::string raw_answer(const sockaddr_storage& server, const Asker& asker,
                       const std::string& line) {
  constexpr Milliseconds kForEmptyLine(2000), kForMore(50);
  Talk talk(server);
  talk.say(line + std::string(asker.ending()));
  if (asker.half_closes()) talk.end();
  const auto is_whole = [](const std::string& text) {
    return text.starts_with('?') ? text.ends_with('\n')
                                 : text.ends_with("\n\n") || text.ends_with("\r\n\r\n");
  };
  std::string came;
  while (!is_whole(came)) {
    const bool has_json = came.find('}') != std::string::npos;
    const Milliseconds wait = has_json ? kForEmptyLine : Asker::kPlacesPatience;
    if (talk.read(came, wait) != Talk::Came::kBytes) return came;
  }
  return came + talk.rest(kForMore);
}

}  // namespace

bool check_whatsat(const TriedHerd& herd, Asker& asker, Findings& findings) {
  const std::string client = "try-whatsat";
  const Answer told = asker.ask(herd.address(0), report_of(client, 5));
  const std::string line = fmt::format("WHATSAT {} 10 {}", client, kBound);
  const std::string came = raw_answer(herd.address(0), asker, line);
  std::string problem;
  if (first_line(came) != told.text) {
    problem = "its first line is not the AT line that the IAMAT was answered with";
  } else {
    const std::size_t end = std::min(came.find('\n'), came.size() - 1);
    problem = json_problem(std::string_view(came).substr(end + 1), herd.has_places());
  }
  if (problem.empty()) problem = frame_problem(came);
  if (came.find('{') == std::string::npos) asker.expect_no_json();
  if (problem.empty()) {
    findings.hold();
  } else {
    findings.fail({"whatsat", kPlacesWorld, "the answer to a WHATSAT: " + problem,
                   shown_bytes(line),
                   shown_bytes(told.text) + ", a line of JSON or more, and an empty line",
                   came.empty() ? "nothing" : shown_bytes(came)});
  }
  return came.starts_with("AT ");
}

namespace {

// Returns whether another client is answered before a WHATSAT that waits for Places. nullopt: the
// WHATSAT was answered too soon to tell.
std::optional<bool> is_answered_meanwhile(TriedHerd& herd, const Asker& asker, Milliseconds slow,
                                          const std::string& line) {
  herd.set_places({slow});
  Talk waiting(herd.address(0));
  waiting.say("WHATSAT try-whatsat 10 1" + std::string(asker.ending()));
  if (asker.half_closes()) waiting.end();
  // The server has read the first command once this much time has passed, or long before.
  std::string early;
  if (waiting.read(early, slow / 4) == Talk::Came::kBytes &&
      early.find('\n') != early.rfind('\n')) {
    return std::nullopt;
  }
  Talk other(herd.address(0));
  const Answer answer = asker.ask(other, line, slow * 3);
  if (!answer.whole) return false;
  const Talk::Came came = waiting.read(early, Milliseconds(0));
  // An AT line alone may have come: only the places are awaited.
  return came == Talk::Came::kNothing || early.find('{') == std::string::npos;
}

void check_others_go_on(TriedHerd& herd, const Asker& asker, Findings& findings) {
  const std::string line = report_of("try-meanwhile", 5);
  for (const Milliseconds slow : kSlow) {
    if (is_answered_meanwhile(herd, asker, slow, line).value_or(true)) return findings.hold();
  }
  findings.fail(
      {"blocks-on-places", kPlacesWorld,
       "while one client's WHATSAT waits for Places, other clients must be answered",
       shown_bytes("WHATSAT try-whatsat 10 1") + ", and on another connection " + shown_bytes(line),
       "the answer to the IAMAT first, because Places took " +
           fmt::format("{} ms", kSlow.back().count()),
       "nothing before Places had answered"});
}

void check_order(TriedHerd& herd, const Asker& asker, Findings& findings) {
  if (asker.one_command()) {
    return findings.not_played("the order of answers",
                               "a connection of this herd carries one command");
  }
  herd.set_places({Milliseconds(300)});
  const std::string client = "try-order";
  const Answer told = asker.ask(herd.address(0), report_of(client, 5));
  const std::string ending(asker.ending()), other = "try-order-second";
  const std::string second = report_of(other, 5);
  const std::string sent = fmt::format("WHATSAT {} 10 1", client) + ending + second + ending;
  Talk talk(herd.address(0));
  talk.say(sent);
  std::string came;
  const auto has_both = [&] {
    return came.find(other) != std::string::npos && came.find('{') != std::string::npos &&
           came.find("AT ") != std::string::npos;
  };
  const auto end = std::chrono::steady_clock::now() + Asker::kPlacesPatience;
  while (!has_both() && std::chrono::steady_clock::now() < end) {
    if (talk.read(came, Milliseconds(200)) == Talk::Came::kEnd) break;
  }
  came += talk.rest(Milliseconds(100));
  const std::size_t last = came.find(other), json = came.rfind('}');
  if (has_both() && came.starts_with(told.text) && json < last) return findings.hold();
  findings.fail(
      {"order", kPlacesWorld, "answers must come in the order of their commands", shown_bytes(sent),
       shown_bytes(told.text) + ", JSON, an empty line, and then " + "the AT line of " + other,
       came.empty() ? "nothing" : shown_bytes(came)});
}

}  // namespace

void check_slow_places(TriedHerd& herd, const Asker& asker, Findings& findings) {
  if (!herd.has_places()) {
    findings.not_played("slow Places",
                        "the command has no {places_url}, so the herd does not ask the Places "
                        "provider of herdsim");
    return;
  }
  check_others_go_on(herd, asker, findings);
  check_order(herd, asker, findings);
  herd.set_places({});
}

void check_forged_report(const TriedHerd& herd, const Asker& asker, Findings& findings) {
  const std::string client = "try-forged";
  const std::string line = fmt::format("AT {} +0.000000001 {} +1+1 5", herd.name(1), client);
  {
    Talk talk(herd.address(0));
    talk.say(line + std::string(asker.ending()));
    std::string came;
    static_cast<void>(talk.read(came, Milliseconds(300)));
  }
  const auto known = asker.known(herd.address(0), client);
  if (!known) return findings.hold();
  findings.note(
      "servers believe the AT line of any connection; by the protocol only a link that has proven "
      "the herd's secret may say AT");
}

}  // namespace sim
