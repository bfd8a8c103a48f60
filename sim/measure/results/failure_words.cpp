#include "sim/measure/results/failure_words.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/base/text/numbers.h"
#include "sim/base/text/utf8.h"

namespace sim {
namespace {

std::string wanted(const ExpectationResult& expectation) {
  std::string out = "should be ";
  std::string_view between;
  const auto bound = [&](std::string_view words, std::optional<double> value) {
    if (!value) return;
    out += between;
    out += words;
    out += real_text(*value);
    between = " and ";
  };
  bound("", expectation.equals);
  bound("at least ", expectation.min);
  bound("at most ", expectation.max);
  return out;
}

}  // namespace

std::string describe_failure(const ExpectationResult& expectation) {
  return fmt::format("{}: {} is {}, {}", printable(expectation.herd), expectation.metric,
                     expectation.figure ? real_text(*expectation.figure) : "unknown",
                     wanted(expectation));
}

}  // namespace sim
