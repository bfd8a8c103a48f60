#include "sim/app/cli/checked_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/base/json/dump_json.h"
#include "sim/base/json/make_json.h"
#include "sim/base/text/numbers.h"

namespace sim {
namespace {

constexpr int kCheckFormatVersion = 1;
constexpr std::string_view kWarning = "warning: ";

// Returns where the line number begins, behind "FILE:"; npos if there is none.
std::size_t find_line_number(std::string_view line, const std::string& file) {
  if (line.starts_with(file + ':')) return file.size() + 1;
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    const std::size_t end = line.find_first_not_of("0123456789", at + 1);
    if (end != std::string_view::npos && end > at + 1 && line.substr(end).starts_with(": ")) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

OwnedJson problems_json(const CheckedFile& file, const std::vector<std::string>& lines) {
  OwnedJson list(json_array());
  for (const std::string& line : lines) {
    const CheckedProblem problem = read_problem_line(line, file.file);
    OwnedJson object(json_object());
    put(object.get(), "file", problem.file);
    put(object.get(), "line",
        problem.line == 0 ? OwnedJson(json_null()) : json_count(problem.line));
    put(object.get(), "path", problem.path);
    put(object.get(), "message", problem.message);
    add(list.get(), std::move(object));
  }
  return list;
}

// Writes the characters that end a workflow command, or one of its properties, as %XX.
std::string github_escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || special.find(c) != std::string_view::npos) {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out;
}

void append_annotations(std::string& out, std::string_view command, const CheckedFile& file,
                        const std::vector<std::string>& lines) {
  for (const std::string& each : lines) {
    const CheckedProblem problem = read_problem_line(each, file.file);
    out += fmt::format("::{} file={}", command, github_escaped(problem.file, ":,"));
    if (problem.line > 0) out += fmt::format(",line={}", problem.line);
    const std::string separator = problem.path.empty() ? "" : ": ";
    out += "::" + github_escaped(problem.path + separator + problem.message, "") + '\n';
  }
}

}  // namespace

CheckedProblem read_problem_line(std::string_view line, const std::string& file) {
  CheckedProblem problem{file, 0, "", std::string(line)};
  const std::size_t begin = find_line_number(line, file);
  if (begin == std::string_view::npos) return problem;
  problem.file = line.substr(0, begin - 1);
  std::string_view rest = line.substr(begin);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  problem.line = read_whole<std::size_t>(rest.substr(0, digits)).value_or(0);
  rest.remove_prefix(digits);
  if (rest.starts_with(':')) rest.remove_prefix(1);
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  const std::size_t colon = rest.find(": ");
  if (colon != std::string_view::npos) {
    problem.path = rest.substr(0, colon);
    rest.remove_prefix(colon + 2);
  }
  if (rest.starts_with(kWarning)) rest.remove_prefix(kWarning.size());
  problem.message = rest;
  return problem;
}

bool are_valid(const std::vector<CheckedFile>& files) {
  return std::all_of(files.begin(), files.end(),
                     [](const CheckedFile& each) { return each.is_valid; });
}

std::string verdict_line(const CheckedFile& file) {
  if (!file.is_valid) return "";
  const std::string partly =
      file.checked < file.points
          ? fmt::format(" ({} of {} points checked, for there is so much in each)", file.checked,
                        file.points)
          : "";
  return fmt::format("{}: ok{}\n", file.file, partly);
}

std::string checked_json(const std::vector<CheckedFile>& files) {
  OwnedJson list(json_array());
  for (const CheckedFile& file : files) {
    OwnedJson object(json_object());
    put(object.get(), "file", file.file);
    put(object.get(), "valid", json_flag(file.is_valid));
    if (file.is_valid) {
      put(object.get(), "points", json_count(file.points));
      put(object.get(), "points_checked", json_count(file.checked));
    }
    put(object.get(), "errors", problems_json(file, file.errors));
    put(object.get(), "warnings", problems_json(file, file.warnings));
    add(list.get(), std::move(object));
  }
  const OwnedJson document = begin_output_json(kCheckFormatVersion);
  put(document.get(), "valid", json_flag(are_valid(files)));
  put(document.get(), "files", std::move(list));
  return dump_json(document.get(), 2) + '\n';
}

std::string checked_for_github(const std::vector<CheckedFile>& files) {
  std::string out;
  for (const CheckedFile& file : files) {
    append_annotations(out, "error", file, file.errors);
    append_annotations(out, "warning", file, file.warnings);
    out += verdict_line(file);
  }
  return out;
}

}  // namespace sim
