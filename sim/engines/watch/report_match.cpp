#include "sim/engines/watch/report_match.h"

#include <algorithm>
#include <cstdlib>

#include "sim/base/text/words.h"

namespace sim {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";
// Separators of words in the output of programs that print a list or an object.
constexpr std::string_view kPunctuation = " \t\r\n\f\v,;'\"[](){}<>|=";

}  // namespace

ReportMatcher::ReportMatcher(const Plan& plan, herd::PosixNs base) : stamps_(plan.subjects.size()) {
  for (std::uint32_t i = 0; i < plan.subjects.size(); ++i) subjects_.emplace(plan.subjects[i], i);
  for (std::uint32_t i = 0; i < plan.updates.size(); ++i) {
    stamps_[plan.updates[i].subject].push_back({client_time(plan.updates[i], base), i});
  }
  for (auto& stamps : stamps_) {
    std::stable_sort(stamps.begin(), stamps.end(),
                     [](const Stamp& a, const Stamp& b) { return a.time < b.time; });
  }
}

const std::vector<ReportMatcher::Stamp>* ReportMatcher::stamps_of(std::string_view client) const {
  const auto found = subjects_.find(client);
  return found == subjects_.end() ? nullptr : &stamps_[found->second];
}

std::optional<std::uint32_t> ReportMatcher::nearest(const std::vector<Stamp>& stamps,
                                                    std::string_view text) {
  const auto time = read_printed_time(text);
  if (!time) return std::nullopt;
  const auto after =
      std::lower_bound(stamps.begin(), stamps.end(), time->ns,
                       [](const Stamp& stamp, herd::PosixNs ns) { return stamp.time < ns; });
  std::optional<std::uint32_t> best;
  herd::PosixNs off = time->unit + 1;
  const auto consider = [&](const Stamp& stamp) {
    const herd::PosixNs by = std::abs(stamp.time - time->ns);
    if (by >= off) return;
    off = by;
    best = stamp.update;
  };
  if (after != stamps.begin()) consider(*std::prev(after));
  if (after != stamps.end()) consider(*after);
  return best;
}

std::optional<std::uint32_t> ReportMatcher::find(std::string_view client,
                                                 std::string_view time) const {
  const auto* const stamps = stamps_of(client);
  return stamps == nullptr ? std::nullopt : nearest(*stamps, time);
}

std::optional<std::uint32_t> ReportMatcher::find(std::string_view line) const {
  for (const std::string_view separators : {kSpace, kPunctuation}) {
    const std::vector<Stamp>* client = nullptr;
    std::string_view behind;
    any_word(line, separators, [&](std::string_view word) {
      client = stamps_of(word);
      behind = line.substr(static_cast<std::size_t>(word.data() + word.size() - line.data()));
      return client != nullptr;
    });
    if (client == nullptr) continue;
    std::optional<std::uint32_t> found;
    const auto is_time = [&](std::string_view word) {
      found = nearest(*client, word);
      return found.has_value();
    };
    // The time may stand before or after the client; try after it first, which is usual.
    if (any_word(behind, separators, is_time) || any_word(line, separators, is_time)) return found;
  }
  return std::nullopt;
}

}  // namespace sim
