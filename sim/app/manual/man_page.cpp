#include "sim/app/manual/man_page.h"

#include <fmt/format.h>

#include "sim/app/cli/exit_status.h"

namespace sim {
namespace {

// Returns "\fB\-\-out\fR \fIDIR\fR".
std::string heading_of(const ArgumentWords& option) {
  std::string out;
  for (const std::string& name : option.names) {
    if (!out.empty()) out += ", ";
    out += "\\fB" + roff_text(name) + "\\fR";
  }
  if (!option.value.empty()) out += " \\fI" + roff_text(option.value) + "\\fR";
  return out;
}

void append_man_option(std::string& out, const ArgumentWords& option) {
  out += fmt::format(".TP\n{}\n{}.\n", heading_of(option), roff_text(option.says));
}

void append_man_argument(std::string& out, const ArgumentWords& argument) {
  out += fmt::format(".TP\n\\fI{}\\fR{}\n{}.\n", roff_text(argument.names.front()),
                     argument.repeats ? "..." : "", roff_text(argument.says));
}

std::string synopsis_of(const CommandWords& command) {
  std::string out = "\\fBherdsim " + roff_text(command.name) + "\\fR [\\fIOPTIONS\\fR]";
  for (const ArgumentWords& argument : command.arguments) {
    const std::string name =
        "\\fI" + roff_text(argument.names.front()) + "\\fR" + (argument.repeats ? "..." : "");
    out += argument.required ? ' ' + name : " [" + name + ']';
  }
  return out;
}

void append_man_command(std::string& out, const CommandWords& command) {
  out += fmt::format(".SS {}\n{}\n.PP\n{}.\n", roff_text(command.name), synopsis_of(command),
                     roff_text(command.says));
  for (const ArgumentWords& argument : command.arguments) append_man_argument(out, argument);
  for (const ArgumentWords& option : command.options) append_man_option(out, option);
  for (const std::string& note : command.notes) out += ".PP\n" + roff_text(note) + '\n';
}

void append_man_statuses(std::string& out) {
  out += ".SH EXIT STATUS\n";
  for (const StatusMeaning& each : kStatusMeanings) {
    out += fmt::format(".TP\n.B {}\n{}.\n", each.status, roff_text(each.meaning));
  }
}

void append_man_examples(std::string& out, const ProgramWords& words) {
  out += ".SH EXAMPLES\n.nf\n";
  for (const CommandWords& command : words.commands) {
    if (!command.example.empty()) out += roff_text(command.example) + '\n';
  }
  out += ".fi\n";
}

constexpr const char* kManRest = R"(.SH ENVIRONMENT
.TP
.B NO_COLOR
If it is set and not empty, no output has colours.
.TP
.B TERM
If it is not set, or \fBdumb\fR, progress is told in lines, without escape sequences, and without
colours.
.SH FILES
.TP
.I results/NAME/
Where \fBherdsim run\fR writes the results of the scenario NAME.
)";

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool begins = true;  // a line
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    begins = c == '\n';
  }
  return out;
}

std::string man_page(const ProgramWords& words, std::string_view version) {
  std::string out = fmt::format(
      ".\\\" Written by `herdsim man`.\n.TH HERDSIM 1 \"\" \"herdsim {}\" \"User Commands\"\n"
      ".SH NAME\nherdsim \\- run scenarios against herds of application servers and measure them\n"
      ".SH SYNOPSIS\n\\fBherdsim\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIARGUMENT\\fR...]\n"
      ".SH DESCRIPTION\n{}\n.SH OPTIONS\n",
      roff_text(version), roff_text(words.program.says));
  for (const ArgumentWords& option : words.program.options) append_man_option(out, option);
  out += ".SH COMMANDS\n";
  for (const CommandWords& command : words.commands) append_man_command(out, command);
  append_man_statuses(out);
  append_man_examples(out, words);
  return out + kManRest;
}

}  // namespace sim
