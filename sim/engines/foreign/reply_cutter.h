// Cuts what a server says into replies, by the sign that its dialect has for a reply's end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "sim/base/text/pattern.h"
#include "sim/engines/foreign/reply_scan.h"
#include "sim/script/spec/engine_spec.h"

namespace sim {

// A dialect's sign for a reply's end, made ready; shared by all connections of a herd.
class ReplyRule {
 public:
  explicit ReplyRule(const Dialect& dialect);

  bool by_line() const { return std::holds_alternative<ReplyLine>(end_); }
  bool by_silence() const { return std::holds_alternative<ReplyIdle>(end_); }
  bool by_match() const { return match_.has_value(); }
  // Of a text that matches, how much is the reply: all of it, or to the match's end where further
  // replies may stand behind it.
  std::optional<std::size_t> match(std::string_view text) const;
  // How long nothing must come until a reply may be over for that alone; 0: it never is.
  Duration quiet() const;

 private:
  ReplyEnd end_;
  std::optional<Pattern> match_;
  bool pipelining_;
};

class ReplyCutter {
 public:
  // What happened before it is asked whether a reply is whole.
  enum class After {
    kBytes,
    kQuiet,  // nothing has come for the rule's quiet()
    kEnd,    // the server sends no more
  };
  // More than any reply has: a WHATSAT's JSON has 4 MiB at the most.
  static constexpr std::size_t kMostBytes = std::size_t{5} << 20;

  // The rule must outlive it.
  explicit ReplyCutter(const ReplyRule& rule) : rule_(&rule) {}

  // False, and nothing taken, where it would be more than a reply may have.
  bool add(std::string_view bytes);
  // How many bytes of text() are the reply to the oldest command, once they are all there.
  std::optional<std::size_t> whole(bool of_query, After what);
  // What is not cut yet.
  std::string_view text() const { return text_; }
  // Forgets so much of it, and that there is a reply half looked at.
  void drop(std::size_t bytes);
  void clear() { drop(text_.size()); }

 private:
  std::optional<std::size_t> whole_by_match(After what);

  const ReplyRule* rule_;
  std::string text_;
  ReplyScan scan_;
  std::size_t looked_through_ = 0;  // for a match, when there was so much
};

}  // namespace sim
