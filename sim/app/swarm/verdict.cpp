#include "sim/app/swarm/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "core/limits.h"
#include "sim/measure/checker/closed_forms.h"
#include "sim/measure/figures/run_results.h"
#include "sim/measure/figures/summary_cells.h"
#include "sim/run/virtual_run.h"
#include "sim/script/plan/fault_plan.h"
#include "sim/script/read/load_scenario.h"
#include "sim/script/spec/summary_columns.h"

namespace sim {
namespace {

// Far more than any drawn scenario needs. A herd that never comes to rest reaches every limit.
constexpr std::uint64_t kMostEvents = 5'000'000;
// After a drain of this length a herd that recovers has recovered.
constexpr Duration kLongDrain = std::chrono::minutes(1);

std::int64_t count_of(const HerdResults& herd, std::size_t column) {
  const auto* const count = std::get_if<std::int64_t>(&cell_of(herd, column));
  return count == nullptr ? 0 : *count;
}

// Returns whether two cells have the same value.
bool same(const Cell& a, const Cell& b) {
  if (a.index() != b.index()) return false;
  if (const auto* latency = std::get_if<Latency>(&a)) {
    return latency->value == std::get<Latency>(b).value;
  }
  if (const auto* text = std::get_if<std::string>(&a)) return *text == std::get<std::string>(b);
  if (const auto* whole = std::get_if<std::int64_t>(&a)) return *whole == std::get<std::int64_t>(b);
  if (const auto* real = std::get_if<double>(&a)) return *real == std::get<double>(b);
  return true;
}

// Returns how two runs differ, in words; an empty string if they do not.
std::string difference(const RunResults& a, const RunResults& b) {
  if (a.trace_hash != b.trace_hash) return "other events happen, or in another order";
  for (std::size_t h = 0; h < a.herds.size(); ++h) {
    for (std::size_t c = 0; c < kSummaryColumns.size(); ++c) {
      if (kSummaryColumns[c].of_machine) continue;
      if (!same(a.herds[h].summary[c], b.herds[h].summary[c])) {
        return fmt::format("herd {}: '{}' differs", a.herds[h].herd, kSummaryColumns[c].name);
      }
    }
  }
  return "";
}

// Returns whether every fault has ended at the end of the script, and links are as they were at the
// start: a link that was changed may be slower than its keep-alive can bear.
bool ends_whole(const Scenario& scenario, std::uint32_t herd) {
  int open = 0;
  for (const PlannedFault& fault : plan_faults(scenario, herd)) {
    if (std::holds_alternative<SetLink>(fault.what)) return false;
    const EventKind kind = name_of(fault.what).kind();
    open += kind == EventKind::kBegins ? 1 : kind == EventKind::kEnds ? -1 : 0;
  }
  return open == 0;
}

// Returns whether no link takes so long for a line that its keep-alive closes it meanwhile. Such a
// link is lost again each time that the line is sent.
bool links_carry_every_line(const HerdSpec& herd) {
  if (!herd.keep_alive) return true;
  const Duration most = herd.keep_alive->timeout - herd.keep_alive->every;
  const auto carries = [&](const LinkConditions& way) {
    if (way.bandwidth_bps == 0) return true;
    const double seconds = static_cast<double>(herd::kMaxLinkLine) * 8 / way.bandwidth_bps;
    return std::chrono::duration<double>(seconds) + way.latency < most;
  };
  for (std::uint32_t i = 0; i < herd.links.size(); ++i) {
    const TwoWayConditions& both = herd.conditions_of(i);
    if (!carries(both.forward) || !carries(both.backward)) return false;
  }
  return true;
}

bool is_in_one_piece(const HerdSpec& herd) {
  return find_components(herd, std::vector<bool>(herd.links.size(), true)).list.size() == 1;
}

class Judge {
 public:
  explicit Judge(const VerdictOptions& options) : options_(options) {}

  Verdict run(const std::string& text) {
    LoadOptions options;
    options.as_run = false;
    auto scenario = parse_scenario("swarm.json", text, options);
    if (!scenario) {
      fail("the scenario is not valid: " + scenario.error().front());
      return std::move(verdict_);
    }
    const auto first = play(*scenario, WantedRows::kSummary);
    if (!first) return std::move(verdict_);
    for (std::uint32_t h = 0; h < first->herds.size(); ++h) judge_herd(*scenario, h, *first);
    // It makes all rows too: they are not judged, but a scenario must not make that fail.
    if (options_.again) compare(*scenario, *first, WantedRows::kAll, "a second run");
    if (options_.other_wire) {
      for (HerdSpec& herd : scenario->herds) {
        herd.wire = herd.wire == Wire::kText ? Wire::kValues : Wire::kText;
      }
      compare(*scenario, *first, WantedRows::kSummary, "a run with the other wire");
    }
    return std::move(verdict_);
  }

 private:
  void fail(std::string sentence) {
    verdict_.failures.push_back({kind_of(sentence), std::move(sentence)});
  }

  // Returns nullopt if the run failed or was interrupted.
  std::optional<RunResults> play(const Scenario& scenario, WantedRows rows) {
    VirtualRunOptions options;
    options.max_events = kMostEvents;
    options.interrupted = options_.interrupted;
    options.shares_process = true;
    options.rows = rows;
    auto run = run_virtual(scenario, options);
    if (!run) {
      fail("the run failed: " + run.error().message);
      return std::nullopt;
    }
    if (!run->complete) {
      verdict_.complete = false;
      return std::nullopt;
    }
    return std::move(*run);
  }

  void judge_herd(const Scenario& scenario, std::uint32_t h, const RunResults& run) {
    const HerdResults& herd = run.herds[h];
    verdict_.updates += static_cast<std::uint64_t>(count_of(herd, column("updates")));
    verdict_.messages += static_cast<std::uint64_t>(count_of(herd, column("messages")));
    for (const std::string& sentence : herd.violations) {
      fail("herd " + herd.herd + ": " + sentence);
    }
    const HerdSpec& spec = scenario.herds[h];
    const bool can_rest =
        scenario.drain >= kLongDrain && ends_whole(scenario, h) && links_carry_every_line(spec);
    if (!herd.quiet && can_rest) {
      fail("herd " + herd.herd + ": it goes on sending after the script");
    }
    const bool covers = bounds_of(spec.propagation, whole_of(spec)).covers;
    if (covers && spec.recovery == herd::Recovery::kSync && can_rest &&
        count_of(herd, column("converged")) == 0 && is_in_one_piece(spec)) {
      fail("herd " + herd.herd + ": its servers end with different records");
    }
  }

  void compare(const Scenario& scenario, const RunResults& first, WantedRows rows,
               const char* how) {
    const auto second = play(scenario, rows);
    if (!second) return;
    const std::string found = difference(first, *second);
    if (!found.empty()) fail(fmt::format("{} gives other results: {}", how, found));
  }

  VerdictOptions options_;
  Verdict verdict_;
};

}  // namespace

bool Verdict::has(std::string_view kind) const {
  return std::any_of(failures.begin(), failures.end(),
                     [&](const Failure& failure) { return failure.kind == kind; });
}

Verdict judge(const std::string& scenario_text, const VerdictOptions& options) {
  try {
    return Judge(options).run(scenario_text);
  } catch (const std::exception& error) {
    const std::string sentence = std::string("the run threw an exception: ") + error.what();
    Verdict verdict;
    verdict.failures.push_back({kind_of(sentence), sentence});
    return verdict;
  }
}

std::string kind_of(std::string_view sentence) {
  std::string kind;
  for (std::size_t at = 0; at < sentence.size();) {
    const std::size_t end = std::min(sentence.find(' ', at), sentence.size());
    std::string_view word = sentence.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && std::string_view(",:.").find(word.back()) != std::string_view::npos) {
      word.remove_suffix(1);
    }
    if (word.starts_with('\'')) break;  // a quotation may hold any text
    const bool plain =
        std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (plain && !word.empty()) kind.append(kind.empty() ? "" : " ").append(word);
  }
  return kind;
}

}  // namespace sim
