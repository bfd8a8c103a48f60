// A trace file as SUMO's format.
#include "tests/fuzz/trace_check.h"

namespace herd::fuzz {

void one_input(std::string_view input) { check_trace(input); }

}  // namespace herd::fuzz
