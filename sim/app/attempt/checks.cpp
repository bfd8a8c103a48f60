#include "sim/app/attempt/checks.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "core/random.h"
#include "sim/base/text/numbers.h"

namespace sim {
namespace {

constexpr const char* kLinesWorld = "lines";

std::int64_t posix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Returns the difference of clocks in an AT line, in seconds.
std::optional<double> skew_in(const std::string& line, const std::string& server) {
  const std::string before = "AT " + server + " ";
  if (!line.starts_with(before)) return std::nullopt;
  std::string text = line.substr(before.size());
  text = text.substr(0, text.find(' '));
  if (text.starts_with('+')) text.erase(0, 1);
  return read_real(text);
}

}  // namespace

void check_skew(const TriedHerd& herd, const Asker& asker, Findings& findings) {
  // Far more than a conversation can take, so that only a wrong sign or a wrong unit differs.
  constexpr std::int64_t kAway = 100'000, kTolerance = 1'000;
  for (const std::int64_t away : {kAway, -kAway}) {
    const std::string line = fmt::format("IAMAT try-skew{} +1+1 {}.5",
                                         away > 0 ? "-past" : "-future", posix_seconds() - away);
    const Answer answer = asker.ask(herd.address(0), line);
    const auto skew = skew_in(answer.text, herd.name(0));
    if (skew && std::abs(*skew - static_cast<double>(away)) < static_cast<double>(kTolerance)) {
      findings.hold();
      continue;
    }
    findings.fail(
        {"skew", kLinesWorld,
         "the difference in an AT line must be the server's clock less the client's "
         "time, in seconds",
         shown_bytes(line),
         fmt::format("AT {} and a difference near {}{}", herd.name(0), away > 0 ? "+" : "", away),
         shown_bytes(answer.text)});
  }
}

void check_noise(const TriedHerd& herd, const Asker& asker, Findings& findings) {
  constexpr int kRounds = 20;
  constexpr std::size_t kMost = 3000;
  herd::Random dice(1, "try/noise");
  for (int round = 0; round < kRounds; ++round) {
    std::string noise;
    const std::size_t size = 1 + dice.below(kMost);
    for (std::size_t i = 0; i < size; ++i) noise.push_back(static_cast<char>(dice.below(256)));
    Talk talk(herd.address(0));
    talk.say(noise);
    // Every other connection vanishes without a word.
    if (round % 2 == 0) talk.end();
    if (round % 2 == 0) static_cast<void>(talk.rest(std::chrono::milliseconds(5)));
  }
  const std::string line = "IAMAT try-noise +1+1 5";
  const Answer answer = asker.ask(herd.address(0), line);
  if (skew_in(answer.text, herd.name(0))) return findings.hold();
  findings.fail({"noise", kLinesWorld,
                 "after connections that sent random bytes, or vanished, the server must go on",
                 shown_bytes(line), fmt::format("AT {} …", herd.name(0)),
                 answer.text.empty() ? "nothing" : shown_bytes(answer.text)});
}

}  // namespace sim
