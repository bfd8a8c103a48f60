// The output of programs that others wrote, cut into lines and searched for reports.
//
// The first byte is the size of the pieces in which the output comes.
#include <string>

#include "sim/base/process/line_cutter.h"
#include "sim/engines/watch/log_watch.h"
#include "sim/engines/watch/report_match.h"
#include "tests/fuzz/fuzz.h"
#include "tests/sim/engines/watch_support.h"

namespace herd::fuzz {
namespace {

using sim::at_ms;

constexpr std::size_t kMaxLine = 200;

// Returns the lines that the output holds, each followed by an LF.
std::string lines_of(std::string_view output, std::size_t piece) {
  std::string out;
  sim::LineCutter cutter(kMaxLine);
  const auto take = [&](std::string_view line) {
    require(line.size() <= kMaxLine, "a line has a limit");
    out.append(line).append("\n");
  };
  while (!output.empty()) {
    cutter.feed(output.substr(0, piece), take);
    output.remove_prefix(std::min(piece, output.size()));
  }
  cutter.finish(take);
  return out;
}

}  // namespace

void one_input(std::string_view input) {
  if (input.empty()) return;
  const std::size_t piece = 1U + static_cast<unsigned char>(input[0]);
  const std::string output(input.substr(1));
  const std::string lines = lines_of(output, piece);
  require_equal(lines_of(output, output.size() + 1), lines, "lines do not depend on the pieces");

  sim::WatchedHerd herd(sim::small_herd(3, {{0, 1}, {1, 2}}), sim::HandPlan()
                                                                  .client("kiwi")
                                                                  .client("emu", 1)
                                                                  .update(0, at_ms(1))
                                                                  .update(1, at_ms(2))
                                                                  .update(0, at_ms(3)));
  for (std::uint32_t i = 0; i < 3; ++i) herd.outside.answered(i, i % 2, at_ms(5));
  sim::LogWatch watch(
      herd.spec, R"((?P<server>S\d+)?.*?(?P<client>[^\s,;"']+)[\s,;"']+(?P<time>[\d.]+(e\d+)?))",
      herd.outside);
  const sim::ReportMatcher matcher(herd.plan, sim::WatchedHerd::kBase);
  std::string_view rest = lines;
  std::int64_t now = 6;
  while (!rest.empty()) {
    const std::string_view line = take_line_of(rest);
    const auto found = matcher.find(line);
    require(!found || *found < herd.plan.updates.size(), "a line speaks of an update of the plan");
    watch.line(std::nullopt, line, at_ms(now));
    watch.line(1, line, at_ms(now++));
  }
  herd.recorder.finish(at_ms(now));
  require(herd.recorder.violation_count() == 0, "lines of logs break no promise",
          herd.recorder.violations().empty() ? "" : herd.recorder.violations()[0]);
  for (const sim::DeliveryLog& each : herd.recorder.deliveries()) {
    require(each.update < 3 && each.server < 3, "a delivery is of the plan and the herd");
  }
}

}  // namespace herd::fuzz
