#include "sim/scenario/problems.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/json_positions.h"

namespace sim {
namespace {

// True where `path` is `ancestor` or inside it.
bool is_within(std::string_view path, std::string_view ancestor) {
  return path.starts_with(ancestor) &&
         (path.size() == ancestor.size() || path[ancestor.size()] == '.');
}

}  // namespace

std::string describe_problem(const std::string& file, int line, const Problem& problem) {
  const std::string path = problem.path.empty() ? "scenario" : without_controls(problem.path);
  std::string out = fmt::format("{}:{}: {}: {}", file, line, path, problem.wrong);
  if (!problem.right.empty()) out += fmt::format(" ({})", problem.right);
  return out;
}

std::vector<std::string> describe_problems(const std::string& file, std::string_view text,
                                           const Problems& problems,
                                           const std::vector<Source>& sources) {
  const JsonPositions positions(text);
  std::vector<std::pair<int, std::string>> lines;
  for (Problem problem : problems.all()) {
    const auto source = std::find_if(sources.rbegin(), sources.rend(), [&](const Source& each) {
      return is_within(problem.path, each.path);
    });
    if (source != sources.rend()) problem.wrong += ", given by " + without_controls(source->option);
    const int line = positions.line_of(problem.path);
    lines.emplace_back(line, describe_problem(file, line, problem));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (auto& [line, description] : lines) out.push_back(std::move(description));
  return out;
}

std::string without_controls(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  if (text.size() <= kLongest) return '"' + without_controls(text) + '"';
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // UTF-8
  return '"' + without_controls(text.substr(0, end)) + "...\"";
}

}  // namespace sim
