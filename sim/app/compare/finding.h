// The result of comparing one figure of one herd.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/app/compare/gate.h"

namespace sim {

enum class Method {
  kExact,       // virtual time: the runs of the same seed differ by exactly this
  kSignedRank,  // at least 6 pairs of runs with the same seed: Wilcoxon's signed-rank test
  kRankSum,     // at least 4 runs a side: Mann and Whitney's test
  kNotTested,   // too few runs
};
std::string_view to_string(Method method);

enum class Judgement {
  kBetter,
  kWorse,
  kSame,
  kDiffers,    // of a figure of which neither more nor less is better
  kUndecided,  // it may differ or not: the runs do not tell
};
std::string_view to_string(Judgement verdict);

// By how much the other side differs from the base.
struct Change {
  bool is_percent = false;  // else in the metric's unit, because a figure is 0 or negative
  double estimate = 0;
  std::optional<double> low, high;  // a 95 % interval; nullopt for exact figures and without a test
};

enum class GateState { kHeld, kTripped, kMissing };
std::string_view to_string(GateState state);

struct Finding {
  std::size_t metric = 0;  // its place in kSummaryColumns
  std::size_t base_runs = 0, other_runs = 0, pairs = 0;
  bool all_equal = false;             // all figures that were compared are the same
  std::optional<double> base, other;  // medians; nullopt if the side does not know the figure
  Method method = Method::kNotTested;
  std::optional<Change> change;      // nullopt if a side does not know the figure
  std::optional<double> p;           // of the test alone
  std::optional<double> adjusted_p;  // by Holm, over the gated figures that are tested
  std::optional<double> least_p;     // the least that this number of runs can give
  Judgement verdict = Judgement::kUndecided;
  std::string why;  // why it was not tested; else empty
  std::optional<Gate> gate;
  GateState gate_state = GateState::kHeld;
};

}  // namespace sim
