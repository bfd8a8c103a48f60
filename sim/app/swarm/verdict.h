// Judges one run of a scenario in virtual time.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct Failure {
  std::string kind;      // equal for failures that differ only in names and numbers
  std::string sentence;  // what is wrong, and in which herd
};

struct Verdict {
  std::vector<Failure> failures;  // empty: the run is good
  bool complete = true;           // false: interrupted, so nothing is known
  std::uint64_t updates = 0, messages = 0;

  bool has(std::string_view kind) const;
};

// Checks beside those of the run's checker.
struct VerdictOptions {
  bool again = false;       // a second run must give the same
  bool other_wire = false;  // so must a run with `wire` set to its other value
  const std::atomic<bool>* interrupted = nullptr;  // may be null
};

// Plays the scenario and returns its failures:
// - violations;
// - servers that end with different records, if the herd recovers, all faults are over, and the
// drain
//   is at least a minute;
// - other results in a second run or over the other wire;
// - a run that cannot be played, throws an exception, or does not end;
// - a scenario that is not valid.
//
// Safe from any thread, and from several at once.
Verdict judge(const std::string& scenario_text, const VerdictOptions& options);

// Returns the sentence up to its first quotation, without names and numbers. Failures of one kind
// have the same.
std::string kind_of(std::string_view sentence);

}  // namespace sim
