#include "sim/base/text/pattern.h"

#include <array>
#include <cstdint>

namespace sim {
namespace {

// The match and its first group. A group without data took no part in the match.
using Groups = std::array<re2::StringPiece, 2>;

bool match(const RE2& expression, std::string_view text, Groups& groups, int wanted) {
  return expression.ok() && expression.Match(re2::StringPiece(text.data(), text.size()), 0,
                                             text.size(), RE2::UNANCHORED, groups.data(), wanted);
}

}  // namespace

RE2::Options pattern_options() {
  RE2::Options out;
  out.set_encoding(RE2::Options::EncodingLatin1);  // bytes, because a server may print any
  out.set_log_errors(false);
  constexpr std::int64_t kMaxMemory = 512 << 10;  // a scenario may have hundreds of them
  out.set_max_mem(kMaxMemory);
  return out;
}

Pattern::Pattern(const std::string& expression)
    : expression_(std::make_unique<RE2>(expression, pattern_options())) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&& other) noexcept = default;
Pattern& Pattern::operator=(Pattern&& other) noexcept = default;

std::optional<std::string> Pattern::problem() const {
  if (expression_->ok()) return std::nullopt;
  return expression_->error();
}

std::optional<std::size_t> Pattern::end_of_match(std::string_view text) const {
  Groups groups;
  if (!match(*expression_, text, groups, 1)) return std::nullopt;
  return static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
}

std::optional<std::string_view> Pattern::extract(std::string_view text) const {
  Groups groups;
  const int wanted = expression_->NumberOfCapturingGroups() > 0 ? 2 : 1;
  if (!match(*expression_, text, groups, wanted)) return std::nullopt;
  const re2::StringPiece& found = groups[1].data() != nullptr ? groups[1] : groups[0];
  return std::string_view(found.data(), found.size());
}

}  // namespace sim
