#include "sim/app/show/chosen_flood.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "sim/app/show/highlights_text.h"
#include "sim/base/text/quoted.h"

namespace sim {

herd::Result<ChosenFlood, ShowError> choose_flood(const ShownRun& run, const ShownHerd& herd,
                                                  std::uint64_t number) {
  const std::string name = without_controls(herd.name);
  const ShownUpdate* const update = herd.find(number);
  if (update == nullptr) return ShowError{fmt::format("herd {} has no update {}", name, number)};
  if (update->logged == 0 && update->messages.value_or(0) > 0) {
    const std::string logged = logged_words(herd);
    return ShowError{fmt::format(
        "herd {}: messages.csv has no rows of update {}. It has those of {}. For others, run the "
        R"(scenario again with --set 'messages={{"updates": [{}]}}')",
        name, number, logged.empty() ? "no update" : "updates " + logged, number)};
  }
  auto messages = run.messages(herd, number);
  if (!messages) return messages.error();
  return ChosenFlood{update, std::move(*messages)};
}

const ShownUpdate* slowest_logged(const ShownHerd& herd) {
  const ShownUpdate* slowest = nullptr;
  for (const ShownUpdate& update : herd.updates) {
    if (update.logged == 0) continue;
    if (slowest == nullptr || update.coverage > slowest->coverage) slowest = &update;
  }
  return slowest;
}

}  // namespace sim
