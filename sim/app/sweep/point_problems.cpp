#include "sim/app/sweep/point_problems.h"

#include <algorithm>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

constexpr std::size_t kMostFound = 200;      // that are told apart
constexpr std::size_t kMostValues = 6;       // named in one message
constexpr std::size_t kLongestSetting = 60;  // characters shown of a list or an object

// Returns a text that is the same for equal problems only.
std::string id_of(const Problem& problem) {
  std::string id = problem.path + '\n' + problem.wrong + '\n' + problem.right;
  if (problem.in_file) id += '\n' + problem.in_file->file + std::to_string(problem.in_file->line);
  return id;
}

// Returns the key that set the path of the problem, or a path around it. Keys do not overlap, so
// there is at most one.
std::optional<std::size_t> key_of(const std::string& path,
                                  const std::vector<std::vector<std::string>>& places) {
  for (std::size_t k = 0; k < places.size(); ++k) {
    const bool set = std::any_of(places[k].begin(), places[k].end(),
                                 [&](const auto& place) { return is_within(path, place); });
    if (set) return k;
  }
  return std::nullopt;
}

// Returns the marked values as "5, 10, ...".
std::string marked(const SweptKey& key, const std::vector<bool>& marks) {
  std::string out;
  std::size_t named = 0;
  for (std::size_t v = 0; v < key.values.size(); ++v) {
    if (!marks[v]) continue;
    if (named > 0) out += ", ";
    if (named == kMostValues) return out + "...";
    const std::string& shown = key.values[v].shown;
    out += key.values[v].json.starts_with('"') ? sim::quoted(shown)
                                               : shorten(without_controls(shown), kLongestSetting);
    ++named;
  }
  return out;
}

}  // namespace

PointProblems::PointProblems(const Sweep& sweep, const Problems& told) : sweep_(sweep) {
  for (const Problem& problem : told.all()) told_.insert(id_of(problem));
}

void PointProblems::add(const std::vector<std::size_t>& choice,
                        const std::vector<std::vector<std::string>>& places,
                        const Problems& problems) {
  more_ += problems.errors().count() - problems.all().size();
  for (const Problem& problem : problems.all()) {
    std::string id = id_of(problem);
    if (told_.contains(id)) continue;
    const auto known = index_.find(id);
    if (known == index_.end() && found_.size() == kMostFound) {
      ++more_;
      continue;
    }
    const auto [at, fresh] = index_.emplace(std::move(id), found_.size());
    if (fresh) {
      Found& found = found_.emplace_back(Found{problem, key_of(problem.path, places), {}});
      for (const SweptKey& key : sweep_.keys) found.with.emplace_back(key.values.size());
    }
    Found& found = found_[at->second];
    for (std::size_t k = 0; k < choice.size(); ++k) found.with[k][choice[k]] = true;
  }
}

std::string PointProblems::cause(const Found& found) const {
  std::string out;
  for (std::size_t k = 0; k < sweep_.keys.size(); ++k) {
    const SweptKey& key = sweep_.keys[k];
    const bool all =
        std::find(found.with[k].begin(), found.with[k].end(), false) == found.with[k].end();
    if (all && found.key != k) continue;
    out += (out.empty() ? ", when the sweep sets " : " and ") + without_controls(key.path);
    // If every value is wrong, the cause is the key and not the value.
    if (!all || key.values.size() == 1) out += " = " + marked(key, found.with[k]);
  }
  return out;
}

void PointProblems::tell(Problems& problems) const {
  for (const Found& found : found_) {
    Problem problem = found.problem;
    problem.wrong += cause(found);
    if (found.key) {
      const auto& with = found.with[*found.key];
      const auto first = std::find(with.begin(), with.end(), true) - with.begin();
      problem.given_at = "sweep." + sweep_.keys[*found.key].path + '.' + std::to_string(first);
    }
    problems.add(std::move(problem));
  }
  problems.count_more(more_);
}

}  // namespace sim
