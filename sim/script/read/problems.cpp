#include "sim/script/read/problems.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/script/read/json_positions.h"

namespace sim {
namespace {

// A file may have keys of any length.
constexpr std::size_t kMostKept = 200;
constexpr std::size_t kLongestPath = 512U << 10U;  // kept: the line of a longer one is nearly right
constexpr std::size_t kLongestText = 2000;         // kept of each text
constexpr std::size_t kLongestShown = 200;         // of a path

void cut(std::string& text, std::size_t longest) {
  if (text.size() > longest) text = shortened(text, longest);
}

std::vector<std::string> describe(const std::string& file, std::string_view text,
                                  const ProblemList& problems, std::string_view noun,
                                  const std::vector<Source>& sources) {
  if (problems.count() == 0) return {};
  const JsonPositions positions(text);
  std::vector<std::pair<int, std::string>> lines;
  for (Problem problem : problems.kept()) {
    const auto source = std::find_if(sources.rbegin(), sources.rend(), [&](const Source& each) {
      return is_within(problem.path, each.path);
    });
    if (source != sources.rend() && !problem.in_file) {
      problem.wrong += ", given by " + shortened(source->option, kLongestShown);
    }
    const int line = positions.line_of(problem.given_at.empty() ? problem.path : problem.given_at);
    lines.emplace_back(line, describe_problem(file, line, problem));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (auto& [line, description] : lines) {
    if (out.size() < kProblemsShown) out.push_back(std::move(description));
  }
  if (const std::size_t more = problems.count() - out.size(); more > 0) {
    const int next = out.size() < lines.size() ? lines[out.size()].first : lines.back().first;
    const Problem rest{"", fmt::format("and {} more {}{}", more, noun, more == 1 ? "" : "s"), ""};
    out.push_back(describe_problem(file, next, rest));
  }
  return out;
}

}  // namespace

void ProblemList::add(Problem problem) {
  ++count_;
  if (is_full()) return;
  if (problem.path.size() > kLongestPath) problem.path.resize(kLongestPath);
  if (problem.given_at.size() > kLongestPath) problem.given_at.resize(kLongestPath);
  cut(problem.wrong, kLongestText);
  cut(problem.right, kLongestText);
  kept_.push_back(std::move(problem));
}

bool ProblemList::is_full() const { return kept_.size() >= kMostKept; }

bool is_within(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '.');
}

std::string describe_problem(const std::string& file, int line, const Problem& problem) {
  std::string what = problem.path.empty() ? "scenario" : shortened(problem.path, kLongestShown);
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
  return describe(file, text, problems.errors(), "problem", sources);
}

std::vector<std::string> describe_warnings(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources) {
  ProblemList warnings;
  for (Problem each : problems.warnings().kept()) {
    each.wrong.insert(0, "warning: ");
    warnings.add(std::move(each));
  }
  warnings.count_more(problems.warnings().count() - warnings.count());
  return describe(file, text, warnings, "warning", sources);
}

}  // namespace sim
