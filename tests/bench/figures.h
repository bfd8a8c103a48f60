// Hands the figures of a benchmark on to goals.py, which compares them with their goals.
#pragma once

#include <string_view>

namespace bench {

// Appends "NAME VALUE" to the file that the environment variable HERDSIM_BENCH_FIGURES names. Does
// nothing without the variable. Ends the program if the file cannot be written.
void note(std::string_view name, double value);

}  // namespace bench
