#include "sim/app/show/highlights_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "sim/app/show/flood_text.h"
#include "sim/base/text/quoted.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr std::size_t kUncoveredNamed = 10;
constexpr std::size_t kNumbersNamed = 20;

using Measure = std::function<std::optional<std::int64_t>(const ShownUpdate&)>;

// Returns the first update with the greatest measure; null if no measure is known.
const ShownUpdate* greatest(const ShownHerd& herd, bool logged_only, const Measure& measure) {
  const ShownUpdate* out = nullptr;
  std::int64_t most = 0;
  for (const ShownUpdate& update : herd.updates) {
    const auto value = measure(update);
    if (!value || (logged_only && update.logged == 0)) continue;
    if (out == nullptr || *value > most) out = &update;
    if (out == &update) most = *value;
  }
  return out;
}

std::string slow_words(const ShownUpdate& update) {
  return fmt::format("{}: every server had it after {}", update_words(update),
                     human_duration(*update.coverage));
}

std::string waste_words(const ShownUpdate& update) {
  return fmt::format("{}: {} messages, {} of them duplicates, {} of these echoes",
                     update_words(update), *update.messages, update.duplicates.value_or(0),
                     update.echoes.value_or(0));
}

// Returns the line of the greatest, and that of the greatest that has its messages.
std::string lines(const ShownHerd& herd, std::string_view what, const Measure& measure,
                  std::string (*words)(const ShownUpdate&)) {
  const ShownUpdate* const first = greatest(herd, false, measure);
  if (first == nullptr) return fmt::format("  {:<14} not known\n", what);
  std::string out = fmt::format("  {:<14} {}\n", what, words(*first));
  if (first->logged > 0) return out;
  const ShownUpdate* const logged = greatest(herd, true, measure);
  out += fmt::format("  {:<14} (its messages are not in messages.csv", "");
  if (logged != nullptr) out += "; of those that are: " + words(*logged);
  return out + ")\n";
}

std::string uncovered(const ShownHerd& herd) {
  std::vector<const ShownUpdate*> open;
  for (const ShownUpdate& update : herd.updates) {
    if (update.outcome == "accepted" && !herd.covered(update)) open.push_back(&update);
  }
  if (open.empty()) return "  never covered  none\n";
  std::string out =
      fmt::format("  never covered  {}\n", with_separators(static_cast<std::int64_t>(open.size())));
  for (std::size_t i = 0; i < std::min(open.size(), kUncoveredNamed); ++i) {
    out += fmt::format("    {}: reached {} of {} servers", update_words(*open[i]), open[i]->reached,
                       herd.servers);
    const std::string missed = miss_words(herd, *open[i]);
    out += missed.empty() ? "\n" : "; not " + missed + '\n';
  }
  if (open.size() > kUncoveredNamed) {
    out += fmt::format("    and {} more\n", open.size() - kUncoveredNamed);
  }
  return out;
}

}  // namespace

std::string logged_words(const ShownHerd& herd) {
  std::string out;
  std::size_t all = 0;
  for (const ShownUpdate& update : herd.updates) {
    if (update.logged == 0) continue;
    if (++all <= kNumbersNamed) out += (all > 1 ? ", " : "") + std::to_string(update.number);
  }
  if (all > kNumbersNamed) out += fmt::format(" and {} more", all - kNumbersNamed);
  return out;
}

std::string highlights_text(const ShownHerd& herd) {
  std::string out = fmt::format("herd {}\n", without_controls(herd.name));
  out += lines(
      herd, "slowest",
      [](const ShownUpdate& update) {
        return update.coverage ? std::optional<std::int64_t>(update.coverage->count())
                               : std::nullopt;
      },
      slow_words);
  out += lines(
      herd, "most wasteful",
      [](const ShownUpdate& update) {
        if (!update.messages || update.outcome != "accepted") return std::optional<std::int64_t>();
        // A delivery is a message that was needed.
        const auto needed = update.reached > 0 ? update.reached - 1 : 0;
        return std::optional(static_cast<std::int64_t>(*update.messages) -
                             static_cast<std::int64_t>(needed));
      },
      waste_words);
  out += uncovered(herd);
  const std::string logged = logged_words(herd);
  out += "  messages of    " + (logged.empty() ? "no update" : "updates " + logged) + '\n';
  return out;
}

}  // namespace sim
