#include "sim/app/cli/help_formatter.h"

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace sim {
namespace {

constexpr std::size_t kWidth = 79;  // one less than the terminal: some wrap a line that is full
constexpr std::size_t kCommandColumn = 14;  // width of the first column in a list of commands
constexpr std::size_t kOptionColumn = 25;   // the same in a list of options

// Appends the words of `text` to `out`, whose last line is `column` wide. Breaks lines before they
// exceed kWidth and begins each further line at `indent`.
void append_wrapped(std::string& out, std::string_view text, std::size_t column,
                    std::size_t indent) {
  std::istringstream words{std::string(text)};
  bool first = true;
  for (std::string word; words >> word;) {
    if (!first && column + 1 + word.size() > kWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    if (!first) out += ' ';
    out += word;
    column += word.size() + (first ? 0 : 1);
    first = false;
  }
}

// Returns a row of two columns, the second of which begins at `column`, on the next line if the
// first one is too wide.
std::string row(const std::string& left, std::string_view right, std::size_t column) {
  std::string out = "  " + left;
  if (out.size() + 2 > column) {
    out += '\n' + std::string(column, ' ');
  } else {
    out.resize(column, ' ');
  }
  append_wrapped(out, right, column, column);
  return out + '\n';
}

// "--out DIR", "FILE...".
std::string option_form(const CLI::Option& option, bool is_positional) {
  const bool takes_many = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  if (is_positional) return option.get_name(true, false) + (takes_many ? "..." : "");
  const std::string name = option.get_name(false, true);
  return option.get_type_size() == 0 ? name : name + ' ' + option.get_type_name();
}

}  // namespace

std::string wrap_for_help(std::string_view text) {
  std::string out;
  append_wrapped(out, text, 0, 0);
  return out;
}

HelpFormatter::HelpFormatter() {
  label("SUBCOMMAND", "COMMAND");
  label("Positionals", "Arguments");
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return wrap_for_help(app->get_description()) + "\n\n";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = CLI::Formatter::make_usage(app, std::move(name));
  // Such a command takes all words that are left, which the base class does not list.
  if (app->get_prefix_command()) usage.insert(usage.find_last_not_of('\n') + 1, " COMMAND...");
  return usage;
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  return row(command->get_name(), command->get_description(), kCommandColumn);
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  return row(option_form(*option, is_positional), option->get_description(), kOptionColumn);
}

}  // namespace sim
