#include "sim/app/attempt/attempt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sim/app/attempt/asker.h"
#include "sim/app/attempt/checks.h"
#include "sim/app/attempt/fault_worlds.h"
#include "sim/app/attempt/find_habits.h"
#include "sim/app/attempt/flood_play.h"
#include "sim/app/attempt/flood_world.h"
#include "sim/app/attempt/load_worlds.h"
#include "sim/app/attempt/play_exchanges.h"
#include "sim/app/attempt/tried_herd.h"

namespace sim {
namespace {

using ErrorKind = AttemptError::Kind;
// How long servers may take to open their links, once they listen. A herd that needs longer dials
// at its first message, or for each. Once it is known to open them, it may take longer.
constexpr std::chrono::seconds kLinksWithin(6), kLinksAgainWithin(30);

class Trial {
 public:
  explicit Trial(const AttemptOptions& options) : options_(options), command_(options.command) {}

  herd::Result<Attempt, AttemptError> run() {
    options_.on_part("habits");
    auto herd = start_first();
    if (!herd) return *error_;
    habits_ = find_habits((*herd)->address(0), habits_.links);
    if (habits_.answers) {
      asker_.emplace(habits_.dialect);
      reaches_links_ = (*herd)->spec().reaches_links();
      one_process_ = (*herd)->spec().external->program->per == ProcessPer::kHerd;
      Findings ignored;
      asks_whatsat_ = check_whatsat(**herd, *asker_, is_chosen("lines") ? findings_ : ignored);
      if (is_wanted("lines")) play_lines(**herd);
      // A herd that the lines have broken must not spoil its floods too.
      herd->reset();
      play_worlds();
      if (!error_ && is_wanted("load")) {
        error_ = play_load_worlds(command_, habits_, findings_);
      }
    } else {
      has_no_answer(**herd);
    }
    if (error_) return *error_;
    return Attempt{engine_json(command_, habits_), std::move(findings_)};
  }

 private:
  using Herd = std::unique_ptr<TriedHerd>;

  // Starts a herd with the habits that are known so far. Sets error_ if it cannot.
  std::optional<Herd> start(bool& lacks_only_links, std::chrono::seconds links_within) {
    auto scenario = tried_scenario(command_, habits_, R"("duration": "1s")");
    if (!scenario) {
      error_ = AttemptError{ErrorKind::kUsage, scenario.error().message};
      return std::nullopt;
    }
    auto herd = TriedHerd::start(std::move(*scenario), links_within);
    if (herd) return std::move(*herd);
    lacks_only_links = herd.error().lacks_only_links;
    error_ = AttemptError{ErrorKind::kNotCarriedOut, herd.error().what};
    return std::nullopt;
  }

  std::optional<Herd> start_again() {
    bool ignored = false;
    return start(ignored, kLinksAgainWithin);
  }

  // Starts the first herd, and finds out whether its links are lasting connections.
  std::optional<Herd> start_first() {
    bool lacks_only_links = false;
    auto herd = start(lacks_only_links, kLinksWithin);
    if (herd || !lacks_only_links) return herd;
    error_.reset();
    habits_.links = LinkUse::kPerMessage;
    findings_.note(
        "servers open no lasting connection to their neighbours when they start. By the protocol a "
        "link is one connection, which is dialled at the start; these servers may dial for each "
        "message, or for the first one");
    return start_again();
  }

  void has_no_answer(const TriedHerd& herd) {
    const std::string sent = "IAMAT probe-1 +34.068930-118.445127 1479413884.392014450";
    findings_.fail({"no-answer", "lines",
                    fmt::format("{} answers an IAMAT with nothing that has `AT ` in it, whatever "
                                "ends the line",
                                herd.name(0)),
                    shown_bytes(sent), fmt::format("AT {} …", herd.name(0)),
                    habits_.heard.empty() ? "nothing" : shown_bytes(habits_.heard)});
    for (const std::string_view part : kAttemptParts) {
      if (is_chosen(part)) findings_.not_played(std::string(part), "no IAMAT is answered");
    }
  }

  bool is_chosen(std::string_view part) const {
    const auto& only = options_.only;
    return only.empty() || std::find(only.begin(), only.end(), part) != only.end();
  }

  // Returns whether a part is to be played, and tells that it begins.
  bool is_wanted(std::string_view part) const {
    if (!is_chosen(part)) return false;
    options_.on_part(part);
    return true;
  }

  void play_lines(TriedHerd& herd) {
    FloodPlay play(herd, *asker_, asks_whatsat_, "lines", findings_);
    const auto last = play_exchanges(herd, *asker_, asks_whatsat_, findings_);
    // A server that has died answers nothing; that says no more of its rules.
    if (last) return play.check_gone(0, *last);
    check_skew(herd, *asker_, findings_);
    if (asks_whatsat_) {
      check_slow_places(herd, *asker_, findings_);
      check_forged_report(herd, *asker_, findings_);
    } else {
      findings_.not_played("slow Places, and what a server knows after a line",
                           "no WHATSAT is answered with an AT line");
    }
    check_noise(herd, *asker_, findings_);
    play.check_ended();
  }

  void play_worlds() {
    const char* const no_links = reaches_links_
                                     ? nullptr
                                     : "links do not run through herdsim, because the command is "
                                       "not told the addresses of neighbours ({neighbors}, {dial}, "
                                       "{neighbor_ports})";
    const char* no_restart = nullptr;
    if (one_process_) no_restart = "one process is the whole herd";
    if (!asks_whatsat_ && !reaches_links_) no_restart = "it cannot be seen which server knows what";
    play_world("flood", play_flood_world, nullptr);
    play_world("link-drop", play_link_drop, no_links);
    play_world("partition", play_partition, no_links);
    play_world("restart", play_restart, no_restart);
  }

  // `why_not`: why the world cannot be played; null if it can.
  void play_world(const char* name, void (*world)(FloodPlay&), const char* why_not) {
    if (error_ || !is_wanted(name)) return;
    if (why_not == nullptr && findings_.has("flood")) why_not = kNoFlood;
    if (why_not != nullptr) return findings_.not_played(name, why_not);
    auto herd = start_again();
    if (!herd) return;
    FloodPlay play(**herd, *asker_, asks_whatsat_, name, findings_);
    if (play.can_see()) play.settle();
    world(play);
  }

  const AttemptOptions& options_;
  const TriedCommand& command_;
  Habits habits_;
  std::optional<Asker> asker_;
  bool asks_whatsat_ = false, reaches_links_ = false, one_process_ = false;
  Findings findings_;
  std::optional<AttemptError> error_;
};

}  // namespace

herd::Result<Attempt, AttemptError> try_herd(const AttemptOptions& options) {
  return Trial(options).run();
}

}  // namespace sim
