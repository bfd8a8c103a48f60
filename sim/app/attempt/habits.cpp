#include "sim/app/attempt/habits.h"

#include "sim/base/json/make_json.h"
#include "sim/base/text/duration_text.h"

namespace sim {

void add_habits(json_t* engine, const Habits& habits) {
  const Dialect& dialect = habits.dialect;
  if (habits.links == LinkUse::kPersistent) put(engine, "links", "persistent");
  if (dialect.line_ending == LineEnding::kCrLf) put(engine, "line_ending", "crlf");
  if (dialect.line_ending == LineEnding::kNone) put(engine, "line_ending", "none");
  if (dialect.connection == ConnectionUse::kOneCommand) put(engine, "connection", "one-command");
  if (dialect.pipelining) put(engine, "pipelining", json_flag(true));
  if (dialect.half_close) put(engine, "half_close", json_flag(true));
  if (std::holds_alternative<ReplyEof>(dialect.reply_end)) put(engine, "reply_end", "eof");
  if (const auto* idle = std::get_if<ReplyIdle>(&dialect.reply_end)) {
    OwnedJson end(json_object());
    put(end.get(), "idle", duration_text(idle->silence));
    put(engine, "reply_end", std::move(end));
  }
}

}  // namespace sim
