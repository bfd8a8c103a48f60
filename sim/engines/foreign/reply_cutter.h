// Cuts the bytes of a server into replies, by its dialect's sign for a reply's end.
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

// A dialect's sign for a reply's end, prepared for use. All connections of a herd share it.
class ReplyRule {
 public:
  explicit ReplyRule(const Dialect& dialect);

  bool by_line() const { return std::holds_alternative<ReplyLine>(end_); }
  bool by_silence() const { return std::holds_alternative<ReplyIdle>(end_); }
  bool by_match() const { return match_.has_value(); }
  // Returns the size of the reply if `text` matches, else nullopt. The reply is the whole text, or
  // ends with the match if further replies may follow it.
  std::optional<std::size_t> match(std::string_view text) const;
  // Returns the silence after which a reply may be complete for that reason alone; 0: never.
  Duration quiet() const;

 private:
  ReplyEnd end_;
  std::optional<Pattern> match_;
  bool pipelining_;
};

class ReplyCutter {
 public:
  // The event before the cutter is asked whether a reply is complete.
  enum class After {
    kBytes,
    kQuiet,  // nothing has come for the rule's quiet()
    kEnd,    // the server sends no more
  };
  // The limit of a reply's size. No proper reply reaches it: a WHATSAT's JSON has at most 4 MiB.
  static constexpr std::size_t kMostBytes = std::size_t{5} << 20;

  // The rule must outlive the cutter.
  explicit ReplyCutter(const ReplyRule& rule) : rule_(&rule) {}

  // Appends bytes to text(). Returns false, and appends nothing, if the text would become longer
  // than a reply may be.
  bool add(std::string_view bytes);
  // Returns how many bytes of text() are the reply to the oldest command; nullopt if it is not
  // complete.
  std::optional<std::size_t> whole(bool of_query, After what);
  // Returns the bytes that are not cut yet.
  std::string_view text() const { return text_; }
  // Removes the first bytes of text(), and begins to look for a new reply.
  void drop(std::size_t bytes);
  void clear() { drop(text_.size()); }

 private:
  std::optional<std::size_t> whole_by_match(After what);

  const ReplyRule* rule_;
  std::string text_;
  ReplyScan scan_;
  std::size_t looked_through_ = 0;  // the text's size at the last look for a match
};

}  // namespace sim
