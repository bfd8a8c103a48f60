// A line of recovery: what is parsed is written as a line that means the same.
#include <string>
#include <variant>

#include "core/sync_lines.h"
#include "tests/fuzz/fuzz.h"

namespace herd::fuzz {
namespace {

struct Write {
  std::string operator()(const ParseError&) const { return ""; }
  template <class Command>
  std::string operator()(const Command& command) const {
    std::string out = "what was there before";
    format_sync(out, command);
    return out;
  }
};

}  // namespace

void one_input(std::string_view input) {
  std::string_view rest = input;
  const std::string line(take_line_of(rest));
  if (!is_sync_line(line)) return;
  const SyncCommand command = parse_sync_line(line);
  if (const auto* error = std::get_if<ParseError>(&command)) {
    require(error->column <= line.size(), "an error is within its line", line);
    require(!to_string(*error).empty(), "an error has words");
    return;
  }
  const std::string again = std::visit(Write{}, command);
  require(is_sync_line(again), "it is still a line of recovery", again);
  const SyncCommand second = parse_sync_line(again);
  require(second.index() == command.index(), "it is still the same command", line);
  require_equal(to_string(second), to_string(command), "it still means the same");
  require_equal(std::visit(Write{}, second), again, "it is written in one way only");
}

}  // namespace herd::fuzz
