#include "sim/script/read/read_dialect.h"

#include <variant>

#include "sim/script/read/kinds.h"

namespace sim {
namespace {

constexpr std::string_view kReplyEndRight =
    R"("line", "eof", {"pattern": PATTERN} or {"idle": DURATION})";

constexpr Choice<LineEnding> kLineEndings[] = {
    {"lf", LineEnding::kLf},
    {"crlf", LineEnding::kCrLf},
    {"none", LineEnding::kNone},
};
constexpr Choice<ConnectionUse> kConnections[] = {
    {"persistent", ConnectionUse::kPersistent},
    {"one-command", ConnectionUse::kOneCommand},
};
constexpr Choice<bool> kReplyEnds[] = {{"line", false}, {"eof", true}};

struct ReplySigns {
  std::optional<std::string> pattern;
  std::optional<Duration> idle;
};
const Fields<ReplySigns>& sign_fields() {
  static const Fields<ReplySigns> kFields = {
      {"pattern", PatternKind{}, &ReplySigns::pattern, "The whole reply so far matches this."},
      {"idle", kPositiveDuration, &ReplySigns::idle, "Nothing more has come for this long."},
  };
  return kFields;
}

struct ReplyEndKind {
  static std::optional<ReplyEnd> read(const JsonNode& node, Problems& problems) {
    if (json_is_string(node.json)) {
      const auto eof = read_choice(node, problems, kReplyEnds);
      if (!eof) return std::nullopt;
      return *eof ? ReplyEnd(ReplyEof{}) : ReplyEnd(ReplyLine{});
    }
    ObjectReader object(node, problems, kReplyEndRight);
    if (!object.is_object()) return std::nullopt;
    ReplySigns signs;
    read_fields(object, sign_fields(), signs);
    object.finish();
    if (object.has("pattern") == object.has("idle")) {
      problems.add(node.path, "has neither one end nor the other", std::string(kReplyEndRight));
      return std::nullopt;
    }
    if (signs.pattern) return ReplyMatch{*signs.pattern};
    if (signs.idle) return ReplyIdle{*signs.idle};
    return std::nullopt;
  }
  static std::string allowed() { return std::string(kReplyEndRight); }
  static Schema schema() {
    return one_of({choice_of(kReplyEnds).schema(),
                   object_schema(sign_fields(), has_one_of(keys_of(sign_fields())))});
  }
};

const Fields<Dialect>& dialect_fields() {
  static const Fields<Dialect> kFields = {
      {"line_ending", choice_of(kLineEndings), &Dialect::line_ending, "What ends a client's line."},
      {"connection", choice_of(kConnections), &Dialect::connection,
       "Whether a client's connection carries many commands or one."},
      {"pipelining", FlagKind{}, &Dialect::pipelining,
       "Clients may send a command before the reply to the last one has come."},
      {"half_close", FlagKind{}, &Dialect::half_close,
       "Clients close their sending direction right after their command."},
      {"reply_end", ReplyEndKind{}, &Dialect::reply_end, "How the end of a reply is known.",
       with_default(R"("line")")},
      {"reply_pattern", PatternKind{}, &Dialect::reply_pattern,
       "What of a reply is the reply: its first group, or all that matches. Default: all of it."},
      {"refusal_pattern", PatternKind{}, &Dialect::refusal_pattern,
       "A reply that matches this refuses the command. Default: only one that begins with a "
       "question mark does."},
      {"reply_within", kPositiveDuration, &Dialect::reply_within,
       "After this long without a reply a command counts as unanswered."},
  };
  return kFields;
}

}  // namespace

Dialect read_dialect(ObjectReader& object) {
  Dialect dialect;
  read_fields(object, dialect_fields(), dialect);
  const auto wrong = [&](std::string_view key, const char* what, const char* right) {
    object.problems().add(object.node().member_path(key), what, right);
  };
  const bool one = dialect.connection == ConnectionUse::kOneCommand;
  if (dialect.pipelining && one) {
    wrong("pipelining", "is of connections that carry many commands",
          R"("connection": "persistent")");
  }
  if (dialect.pipelining && dialect.line_ending == LineEnding::kNone) {
    wrong("pipelining", "would have commands run into each other",
          R"("line_ending": "lf" or "crlf")");
  }
  if (dialect.half_close && !one) {
    wrong("half_close", "would end the connection after its first command",
          R"("connection": "one-command")");
  }
  if (std::holds_alternative<ReplyEof>(dialect.reply_end) && !one) {
    wrong("reply_end", "comes once in a connection", R"("connection": "one-command")");
  }
  if (dialect.pipelining && !std::holds_alternative<ReplyLine>(dialect.reply_end) &&
      !std::holds_alternative<ReplyMatch>(dialect.reply_end)) {
    wrong("pipelining", "needs replies whose end is in themselves",
          R"("reply_end": "line" or {"pattern": PATTERN})");
  }
  return dialect;
}

Properties dialect_properties() { return properties_of(dialect_fields()); }

std::vector<Schema> dialect_rules() {
  return {R"(
      "if": {"required": ["connection"], "properties": {"connection": {"const": "one-command"}}},
      "then": {"properties": {"pipelining": {"const": false}}},
      "else": {"properties": {"half_close": {"const": false},
                              "reply_end": {"not": {"const": "eof"}}}})",
          R"(
      "if": {"required": ["pipelining"], "properties": {"pipelining": {"const": true}}},
      "then": {"properties": {"line_ending": {"not": {"const": "none"}},
                              "reply_end": {"anyOf": [{"const": "line"}, {"required": ["pattern"]}]}}})"};
}

}  // namespace sim
