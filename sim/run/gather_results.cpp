#include "sim/run/gather_results.h"

#include <algorithm>

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

void add_herd_results(RunResults& results, const Scenario& scenario, const HerdOutcome& outcome) {
  results.schedule_lag.add(outcome.clients.schedule_lag);
  const UpdateLedger ledger(outcome);
  results.herds.push_back(summarize(scenario, outcome, ledger, check(outcome, ledger)));
  for (const LinkChange& change : outcome.recorder.link_changes()) {
    const herd::Instant at = outcome.script_time(change.at);
    if (at < herd::Instant()) continue;  // it happened during set-up
    results.events.push_back({at, outcome.spec.name, std::string(event_name(change.state).text()),
                              link_words(outcome.spec, change.link)});
  }
}

void finish_results(RunResults& results, const Scenario& scenario,
                    const std::vector<EventRow>& diary) {
  results.events.insert(results.events.end(), diary.begin(), diary.end());
  std::stable_sort(results.events.begin(), results.events.end(),
                   [](const EventRow& a, const EventRow& b) { return a.at < b.at; });
  results.expectations = check_expectations(scenario, results.herds);
}

}  // namespace sim
