#include "sim/measure/results/failure_words.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/base/text/utf8.h"
#include "sim/measure/results/numbers.h"

namespace sim {
namespace {

std::string plain(double value) {
  std::string out;
  append_double(out, value);
  return out;
}

std::string wanted(const ExpectationResult& expectation) {
  std::string out = "should be ";
  std::string_view between;
  const auto bound = [&](std::string_view words, std::optional<double> value) {
    if (!value) return;
    out += between;
    out += words;
    out += plain(*value);
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
                     expectation.figure ? plain(*expectation.figure) : "unknown",
                     wanted(expectation));
}

}  // namespace sim
