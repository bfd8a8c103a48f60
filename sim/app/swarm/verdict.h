// What is wrong with one run of a scenario in virtual time, if anything is.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct Failure {
  std::string kind;      // the same for failures that differ in names and numbers alone
  std::string sentence;  // what is wrong, and in which herd
};

struct Verdict {
  std::vector<Failure> failures;  // empty: all is well
  bool complete = true;           // false: interrupted, nothing is known
  std::uint64_t updates = 0, messages = 0;

  bool has(std::string_view kind) const;
};

// What is looked at beside the checker's violations.
struct VerdictOptions {
  bool again = false;       // played a second time, it has to give the same
  bool other_wire = false;  // with lines for values, or values for lines, it has to give the same
  const std::atomic<bool>* interrupted = nullptr;  // may be null
};

// Failures are: violations; a herd that recovers, whose faults are all over, and whose servers do
// not end with the same records; a run that gives other figures when played again, or over the
// other wire; a run that cannot be played or comes to no end; a scenario that is not valid.
// Exceptions of the run are failures too. Any thread, several at once.
Verdict judge(const std::string& scenario_text, const VerdictOptions& options);

// A sentence without its names, numbers and quotations: what failures of one kind have in common.
std::string kind_of(std::string_view sentence);

}  // namespace sim
