#include "sim/run/gather_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "sim/base/text/duration_text.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/checker/checker.h"
#include "sim/measure/metrics/summarize.h"
#include "sim/measure/metrics/update_ledger.h"
#include "sim/measure/results/expectations.h"
#include "sim/run/event_words.h"

namespace sim {

std::vector<std::vector<PlannedFault>> plan_all_faults(const Scenario& scenario) {
  std::vector<std::vector<PlannedFault>> faults;
  for (std::uint32_t h = 0; h < scenario.herds.size(); ++h) {
    faults.push_back(plan_faults(scenario, h));
  }
  return faults;
}

FleetLog unplayed_log(const Plan& plan) {
  FleetLog log;
  log.answered.resize(plan.updates.size());
  log.queries.resize(plan.queries.size());
  log.connections_lost.resize(plan.clients.size());
  log.answers.resize(plan.clients.size());
  log.reply_counts.resize(plan.clients.size());
  return log;
}

namespace {

// Says that reports were far ahead of their servers' clocks, and what that means for the figures.
void add_ahead_note(RunResults& results, const HerdOutcome& outcome) {
  const AheadReports& ahead = outcome.recorder.ahead();
  if (ahead.clients == 0 && ahead.refused == 0) return;
  const std::string& client = outcome.recorder.subjects()[ahead.subject];
  const std::string& server = outcome.spec.servers[ahead.server].name;
  std::string note =
      fmt::format("{}: {} reported a time {} ahead of {}'s clock", outcome.spec.name,
                  sim::quoted(client), long_duration_text(ahead.time_ns, ahead.clock_ns), server);
  if (ahead.clients > 0) {
    note += "; until then its reports with a right time do not count";
    if (ahead.clients > 1) note += fmt::format(" ({} clients did so)", ahead.clients);
  }
  if (ahead.refused > 0) {
    note += fmt::format("; max_ahead refused {} report{}", ahead.refused,
                        ahead.refused == 1 ? "" : "s");
  }
  results.notes.push_back(std::move(note));
}

// Says which updates of the scenario's `messages` the script does not have.
void add_messages_note(RunResults& results, const HerdOutcome& outcome) {
  const MessageChoice& choice = outcome.recorder.message_log().choice();
  const std::size_t planned = outcome.plan.updates.size();
  if (choice.updates.empty() || choice.updates.back() < planned) return;
  results.notes.push_back(
      fmt::format("{}: \"messages\" names update {}, but the script has {} updates",
                  outcome.spec.name, choice.updates.back(), planned));
}

// Shows the first replies in other words than the protocol's, which only the count would tell.
void add_odd_reply_notes(RunResults& results, const HerdOutcome& outcome) {
  for (const std::string& sentence : outcome.clients.odd_replies) {
    results.notes.push_back(outcome.spec.name + ": odd reply: " + sentence);
  }
}

// Adds what servers reported of themselves, without what happened during set-up.
template <class Change>
void add_changes(RunResults& results, const HerdOutcome& outcome,
                 const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    const herd::Instant at = outcome.script_time(change.at);
    if (at < herd::Instant()) continue;
    EventWords words = words_of(outcome.spec, change);
    results.events.push_back(
        {at, outcome.spec.name, std::move(words.event), std::move(words.detail)});
  }
}

}  // namespace

void add_herd_results(RunResults& results, const Scenario& scenario, const HerdOutcome& outcome,
                      WantedRows rows) {
  results.schedule_lag.add(outcome.clients.schedule_lag);
  add_ahead_note(results, outcome);
  add_messages_note(results, outcome);
  add_odd_reply_notes(results, outcome);
  const UpdateLedger ledger(outcome);
  results.herds.push_back(
      summarize(scenario, outcome, ledger, check(outcome, ledger, scenario.clock), rows));
  const Recorder& recorder = outcome.recorder;
  add_changes(results, outcome, recorder.link_changes());
  add_changes(results, outcome, recorder.map_changes());
  add_changes(results, outcome, recorder.tree_changes());
}

void finish_results(RunResults& results, const Scenario& scenario,
                    const std::vector<EventRow>& diary) {
  results.events.insert(results.events.end(), diary.begin(), diary.end());
  std::stable_sort(results.events.begin(), results.events.end(),
                   [](const EventRow& a, const EventRow& b) { return a.at < b.at; });
  results.expectations = check_expectations(scenario, results.herds);
}

}  // namespace sim
