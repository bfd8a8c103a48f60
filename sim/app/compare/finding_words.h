// Findings in words, for all formats that people read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/app/compare/comparison.h"

namespace sim {

// "1.20 ms"; "–" if it is unknown.
std::string figure_words(std::size_t metric, std::optional<double> figure);

// "-40.0 %", "+3", "-1.20 ms"; "–" if it is unknown.
std::string change_words(const Finding& finding);

// "-42.1 to -38.0 %"; empty without an interval.
std::string interval_words(const Finding& finding);

// How it is known: "exact", "10 pairs, p 0.002", "10 and 12 runs, p 0.03", "not tested".
std::string evidence_words(const Finding& finding);

// The same in short: "exact", "p 0.002", "not tested".
std::string short_evidence_words(const Finding& finding);

// The runs of both sides: "10 pairs of runs with the same seed", "1 run each, of the same seed".
std::string run_words(const ComparedHerd& herd);

// "FAILED: beyond +5%", "held", "missing"; empty without a gate.
std::string gate_words(const Finding& finding);

// "herd flood", "herds a and b", "herd flood at herds_servers = 5".
std::string herd_words(const ComparedHerd& herd);

// The names of metrics: "messages, duplicates".
std::string metric_names(const std::vector<std::size_t>& metrics);

// One sentence about the whole: whether a gate tripped.
std::string headline_words(const Comparison& comparison);

// Returns the command that repeats the run of a side with other seeds, for a shell.
std::string repeating_command(const ComparedSide& side);

// Says why figures of a herd were not tested, before the commands above, which help: "1 run each:
// not tested. To repeat with ten seeds each:". Empty if none of them is untested.
std::string not_tested_words(const SideComparison& side);

// Sentences behind the tables, about what the tests can tell.
std::vector<std::string> test_notes(const Comparison& comparison);

}  // namespace sim
