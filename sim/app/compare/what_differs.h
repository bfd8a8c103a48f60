// Finds the differences between two sides apart from their figures, which may be the cause of a
// difference of the figures.
#pragma once

#include <string>
#include <vector>

#include "sim/app/compare/compared_side.h"

namespace sim {

struct Difference {
  std::string topic;  // "scenario", "program" or "machine"
  std::string key;    // as "herds.flood.propagation"
  std::string base;   // JSON on one line; empty if this side has no such key
  std::string other;
};

// Returns the differences of the scenarios (without what changes no figure: `about`, `expect`,
// `$schema`), of the programs and of the machines, in this order. It looks only at the
// herds that are compared; the keys of a herd begin with "herd." if each side has one, else with
// "herds.NAME.".
std::vector<Difference> what_differs(const ComparedSide& base, const ComparedSide& other);

// Returns sentences about a side whose figures are to be read with care: it is incomplete, its
// points failed, or its clients fell behind the script.
std::vector<std::string> cautions(const ComparedSide& side);

// Why two sides are the same run: a few words. Empty if they are not known to be.
std::string same_run_words(const ComparedSide& base, const ComparedSide& other);
// Whether they are the same files, so that even the figures of the machine are the same.
bool is_same_folder(const ComparedSide& base, const ComparedSide& other);

}  // namespace sim
