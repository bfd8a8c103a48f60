#include "sim/script/read/problems.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/script/read/json_positions.h"

namespace sim {
namespace {

std::vector<std::string> describe(const std::string& file, std::string_view text,
                                  const std::vector<Problem>& problems,
                                  const std::vector<Source>& sources) {
  const JsonPositions positions(text);
  std::vector<std::pair<int, std::string>> lines;
  for (Problem problem : problems) {
    const auto source = std::find_if(sources.rbegin(), sources.rend(), [&](const Source& each) {
      return is_within(problem.path, each.path);
    });
    if (source != sources.rend() && !problem.in_file) {
      problem.wrong += ", given by " + without_controls(source->option);
    }
    const int line = positions.line_of(problem.given_at.empty() ? problem.path : problem.given_at);
    lines.emplace_back(line, describe_problem(file, line, problem));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (auto& [line, description] : lines) out.push_back(std::move(description));
  return out;
}

}  // namespace

bool is_within(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '.');
}

std::string describe_problem(const std::string& file, int line, const Problem& problem) {
  std::string what = problem.path.empty() ? "scenario" : without_controls(problem.path);
  std::string place = fmt::format("{}:{}", file, line);
  if (problem.in_file) {
    what = problem.in_file->what;
    place = fmt::format("{}:{}", problem.in_file->file, problem.in_file->line);
  }
  std::string out = fmt::format("{}: {}: {}", place, what, problem.wrong);
  if (!problem.right.empty()) out += fmt::format(" ({})", problem.right);
  return out;
}

std::vector<std::string> describe_problems(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources) {
  return describe(file, text, problems.all(), sources);
}

std::vector<std::string> describe_warnings(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources) {
  std::vector<Problem> warnings = problems.warnings();
  for (Problem& each : warnings) each.wrong.insert(0, "warning: ");
  return describe(file, text, warnings, sources);
}

}  // namespace sim
