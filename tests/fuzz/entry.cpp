// The functions that libFuzzer calls.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/fuzz.h"

#ifdef HERD_MUTANTS
#include <cstdlib>
#include <optional>

#include "tests/mutants/broken_rule.h"

// Breaks the rule whose number in herd::Mutation is in the environment variable HERD_BROKEN_RULE.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  static std::optional<herd::test::BrokenRule> broken;
  const char* const rule = std::getenv("HERD_BROKEN_RULE");
  if (rule != nullptr) broken.emplace(static_cast<herd::Mutation>(std::atoi(rule)));
  return 0;
}
#endif

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  herd::fuzz::one_input(std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
