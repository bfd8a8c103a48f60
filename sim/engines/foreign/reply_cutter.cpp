#include "sim/engines/foreign/reply_cutter.h"

#include <chrono>
#include <variant>

namespace sim {
namespace {

// A JSON without its empty line is complete if nothing follows for this time.
constexpr Duration kAfterJson = std::chrono::milliseconds(100);
// A text beyond this size is searched for a match only if it has grown by a quarter or if nothing
// has come for a moment, not again for each segment.
constexpr std::size_t kLookAtOnce = std::size_t{64} << 10;
constexpr Duration kBeforeLooking = std::chrono::milliseconds(10);
constexpr std::size_t kKeepCapacity = std::size_t{64} << 10;

}  // namespace

ReplyRule::ReplyRule(const Dialect& dialect)
    : end_(dialect.reply_end), pipelining_(dialect.pipelining) {
  if (const auto* match = std::get_if<ReplyMatch>(&end_)) match_.emplace(match->pattern);
}

std::optional<std::size_t> ReplyRule::match(std::string_view text) const {
  const auto end = match_->end_of_match(text);
  return end && !pipelining_ ? text.size() : end;
}

Duration ReplyRule::quiet() const {
  if (const auto* idle = std::get_if<ReplyIdle>(&end_)) return idle->silence;
  if (match_) return kBeforeLooking;
  return by_line() ? kAfterJson : Duration(0);
}

bool ReplyCutter::add(std::string_view bytes) {
  if (bytes.size() > kMostBytes - text_.size()) return false;
  text_.append(bytes);
  return true;
}

std::optional<std::size_t> ReplyCutter::whole(bool of_query, After what) {
  if (text_.empty()) return std::nullopt;
  if (rule_->by_match()) return whole_by_match(what);
  if (rule_->by_line()) {
    if (const auto size = scan_.whole(text_, of_query)) return size;
    if (what == After::kBytes || !scan_.whole_if_quiet()) return std::nullopt;
    return text_.size();
  }
  const bool over = what == After::kEnd || (what == After::kQuiet && rule_->by_silence());
  return over ? std::optional(text_.size()) : std::nullopt;
}

std::optional<std::size_t> ReplyCutter::whole_by_match(After what) {
  const std::size_t size = text_.size();
  const bool grown = size <= kLookAtOnce || size - looked_through_ > looked_through_ / 4;
  if (what == After::kBytes && !grown) return std::nullopt;
  if (looked_through_ == size) return std::nullopt;
  looked_through_ = size;
  return rule_->match(text_);
}

void ReplyCutter::drop(std::size_t bytes) {
  text_.erase(0, bytes);
  if (text_.empty() && text_.capacity() > kKeepCapacity) text_.shrink_to_fit();
  scan_ = {};
  looked_through_ = 0;
}

}  // namespace sim
