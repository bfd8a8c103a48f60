#include "sim/app/attempt/asker.h"

#include <algorithm>

#include "sim/engines/foreign/dialect_lines.h"

namespace sim {
namespace {

// How long nothing must follow an AT line until it counts as the whole answer to a WHATSAT.
constexpr Milliseconds kAfterReport(200);

}  // namespace

std::string without_ending(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string first_line(std::string_view text) {
  return without_ending(std::string(text.substr(0, text.find('\n'))));
}

std::string_view Asker::ending() const { return ending_of(dialect_.line_ending); }

Answer Asker::read(Talk& talk, bool of_query, Milliseconds patience) const {
  using After = ReplyCutter::After;
  ReplyCutter cutter(rule_);
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto quiet = std::chrono::ceil<Milliseconds>(rule_.quiet());
  for (;;) {
    const auto left =
        std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    const bool may_be_all =
        of_query && !expects_json_ && cutter.text().find('\n') != std::string_view::npos;
    Milliseconds wait = left;
    if (may_be_all) {
      wait = std::min(left, kAfterReport);
    } else if (quiet.count() > 0 && !cutter.text().empty()) {
      wait = std::min(left, quiet);
    }
    wait = std::max(wait, Milliseconds(0));
    std::string bytes;
    const Talk::Came came = talk.read(bytes, wait);
    if (!cutter.add(bytes)) return {std::string(cutter.text()), false, talk.ended()};
    const After what = came == Talk::Came::kBytes ? After::kBytes
                       : came == Talk::Came::kEnd ? After::kEnd
                                                  : After::kQuiet;
    if (const auto size = cutter.whole(of_query, what)) {
      return {without_ending(std::string(cutter.text().substr(0, *size))), true, talk.ended()};
    }
    if (came == Talk::Came::kEnd ||
        (came == Talk::Came::kNothing && (may_be_all || left <= wait))) {
      return {without_ending(std::string(cutter.text())), false, talk.ended()};
    }
  }
}

Answer Asker::ask(Talk& talk, std::string_view line, Milliseconds patience) const {
  talk.say(std::string(line).append(ending()));
  if (dialect_.half_close) talk.end();
  return read(talk, asks_for_places(line), patience);
}

Answer Asker::ask(Talk& talk, std::string_view line) const {
  return ask(talk, line, asks_for_places(line) ? kPlacesPatience : kPatience);
}

Answer Asker::ask(const sockaddr_storage& server, std::string_view line) const {
  Talk talk(server);
  return ask(talk, line);
}

std::optional<std::string> Asker::known(const sockaddr_storage& server,
                                        std::string_view client) const {
  const Answer answer = ask(server, "WHATSAT " + std::string(client) + " 10 1");
  if (!answer.text.starts_with("AT ")) return std::nullopt;
  return first_line(answer.text);
}

}  // namespace sim
