#include "sim/app/attempt/play_exchanges.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <thread>

#include "sim/app/attempt/exchanges.h"
#include "sim/app/attempt/link_lines.h"

namespace sim {
namespace {

constexpr const char* kWorld = "lines";
constexpr std::string_view kBadLine = "bad-line";  // the rule
// After the complete answer nothing more may come; a second answer would come at once.
constexpr Milliseconds kNothingMore(20);
// How long to wait once some line has gone unanswered, and for a rule that is known to be broken.
constexpr Milliseconds kImpatience(2000), kAgain(400);
// The connections of a process that dies may close before its port does.
constexpr Milliseconds kDying(2000), kLookAtServer(5);
constexpr std::size_t kPiece = 7;

std::string nothing_words(bool closed) {
  return closed ? "nothing; the server closed the connection" : "nothing";
}

std::string came_words(const std::string& text, bool closed) {
  return text.empty() ? nothing_words(closed)
                      : shown_bytes(text) + (closed ? ", and then the end of the connection" : "");
}

class ExchangePlayer {
 public:
  ExchangePlayer(const TriedHerd& herd, const Asker& asker, bool asks_whatsat, Findings& findings)
      : herd_(herd),
        server_(herd.address(0)),
        name_(herd.name(0)),
        asker_(asker),
        asks_whatsat_(asks_whatsat),
        findings_(findings) {}

  void play(const Exchange& exchange) {
    exchange_ = &exchange;
    client_ = fmt::format("{}{}-{}", LinkLines::kMark, exchange.rule, ++number_);
    was_cut_ = false;
    const std::string sent = filled_in(exchange.sent, client_, name_);
    const std::string expected = filled_in(exchange.expected, client_, name_);
    const bool held = exchange.how == Exchange::How::kLines ? play_lines(sent, expected)
                                                            : play_bytes(sent, expected);
    if (held && knows_what_it_must()) findings_.hold();
  }
  // Returns whether the server has died of the last conversation.
  bool is_dead() {
    if (was_cut_ && waits_for_death_ && !lives()) {
      const auto end = std::chrono::steady_clock::now() + kDying;
      while (herd_.listens(0) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(kLookAtServer);
      }
      waits_for_death_ = false;
    }
    return !herd_.listens(0);
  }
  // Returns what the last conversation sent, for a person.
  std::string sent() const { return shown_bytes(filled_in(exchange_->sent, client_, name_)); }

 private:
  void fail(std::string sent, std::string expected, std::string came) {
    findings_.fail({std::string(exchange_->rule), kWorld, std::string(exchange_->sentence),
                    std::move(sent), std::move(expected), std::move(came)});
  }

  // Whether the server answers anybody. The system takes a connection also for a process that dies.
  bool lives() const {
    Talk talk(server_);
    const std::string line = fmt::format("IAMAT {}alive-{} +1+1 1", LinkLines::kMark, number_);
    return !asker_.ask(talk, line, patience()).text.empty();
  }

  // Whether bad lines are known to be answered wrongly, so that other rules say no more of that.
  bool echoes_are_wrong() const { return exchange_->rule != kBadLine && findings_.has(kBadLine); }
  bool is_excused(std::string_view wanted) const {
    return wanted.starts_with('?') && echoes_are_wrong();
  }

  Milliseconds patience() const {
    if (findings_.has(exchange_->rule)) return kAgain;
    return is_silent_ ? kImpatience : Asker::kPatience;
  }

  bool play_lines(std::string_view sent, std::string_view expected) {
    std::optional<Talk> talk;
    // One connection carries one command of such a herd; that it must carry more is a rule of its
    // own.
    const bool one_each = asker_.one_command() && exchange_->rule != "second-command";
    while (!sent.empty()) {
      const std::string line = take_line(sent), wanted = take_line(expected);
      if (!talk || one_each) talk.emplace(server_);
      const Answer answer = asker_.ask(*talk, line, is_excused(wanted) ? kAgain : patience());
      if (fits(wanted, answer.text)) continue;
      was_cut_ = answer.closed;
      if (is_excused(wanted) && !answer.text.starts_with("AT ")) continue;
      is_silent_ = is_silent_ || answer.text.empty();
      fail(shown_bytes(line), shown_bytes(wanted), came_words(answer.text, answer.closed));
      return false;
    }
    return true;
  }

  bool play_bytes(std::string sent, std::string expected) {
    // A herd that needs CR LF breaks the rule about endings; the others are held to in its own way.
    const bool in_its_ending = asker_.ending() == "\r\n" && exchange_->rule != "endings";
    if (in_its_ending) {
      sent = with_cr(plain(sent));
      expected = with_cr(plain(expected));
    }
    Talk talk(server_);
    say(talk, sent);
    if (exchange_->how == Exchange::How::kThenEnd) talk.end();
    std::string came = read_as_much(talk, expected);
    const bool must_close =
        exchange_->how == Exchange::How::kThenEnd || exchange_->how == Exchange::How::kThenClosed;
    const bool is_closed = !must_close || reads_to_end(talk, came);
    if (fits(judged(expected), judged(came)) && is_closed) return true;
    is_silent_ = true;
    was_cut_ = talk.ended();
    fail(shown_bytes(sent), shown_bytes(expected) + (must_close ? ", and then the end" : ""),
         came_words(came, talk.ended()));
    return false;
  }

  // Reads until the server closes. Returns false if it does not.
  bool reads_to_end(Talk& talk, std::string& came) const {
    for (;;) {
      const Talk::Came what = talk.read(came, patience());
      if (what != Talk::Came::kBytes) return what == Talk::Came::kEnd;
    }
  }

  // Returns the lines that count: not those that begin with `?` if bad lines are answered wrongly.
  std::string judged(std::string_view text) const {
    if (!echoes_are_wrong()) return std::string(text);
    std::string out;
    while (!text.empty()) {
      const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
      if (!text.starts_with('?')) out += text.substr(0, size);
      text.remove_prefix(size);
    }
    return out;
  }

  static std::string plain(std::string text) {
    std::erase(text, '\r');
    return text;
  }

  static std::string with_cr(const std::string& text) {
    std::string out;
    for (const char c : text) out.append(c == '\n' ? "\r" : "").push_back(c);
    return out;
  }

  void say(Talk& talk, std::string_view bytes) {
    if (exchange_->how != Exchange::How::kPieces) return talk.say(bytes);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
      talk.say(bytes.substr(0, kPiece));
      std::this_thread::sleep_for(Milliseconds(2));
    }
  }

  // Reads the expected number of lines, and what comes behind them at once.
  std::string read_as_much(Talk& talk, std::string_view expected) const {
    const auto lines = [](std::string_view text) {
      return std::count(text.begin(), text.end(), '\n');
    };
    const auto end = std::chrono::steady_clock::now() + patience();
    std::string came;
    while (lines(judged(came)) < lines(judged(expected))) {
      const auto left =
          std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0 || talk.read(came, left) != Talk::Came::kBytes) break;
    }
    if (talk.read(came, kNothingMore) == Talk::Came::kBytes) came += talk.rest(kNothingMore);
    return came;
  }

  static std::string take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  }

  // Asks what the server knows of the client in the end.
  bool knows_what_it_must() {
    if (exchange_->then.empty() || !asks_whatsat_) return true;
    const std::string wanted = filled_in(exchange_->then, client_, name_);
    const std::string question = fmt::format("WHATSAT {} 10 1", client_);
    Talk talk(server_);
    const Answer answer =
        asker_.ask(talk, question, is_excused(wanted) ? kAgain : Asker::kPlacesPatience);
    const std::string told = first_line(answer.text);
    if (fits(wanted, told) || (is_excused(wanted) && !told.starts_with("AT "))) return true;
    was_cut_ = answer.closed;
    fail(sent() + ", then " + shown_bytes(question), shown_bytes(wanted),
         came_words(told, answer.closed));
    return false;
  }

  const TriedHerd& herd_;
  const sockaddr_storage& server_;
  const std::string& name_;
  const Asker& asker_;
  const bool asks_whatsat_;
  Findings& findings_;
  const Exchange* exchange_ = nullptr;
  std::string client_;
  int number_ = 0;
  bool is_silent_ = false;       // some line was not answered in time
  bool was_cut_ = false;         // the server closed the last connection in place of an answer
  bool waits_for_death_ = true;  // a server that closes and answers nobody was not seen to live on
};

}  // namespace

std::optional<std::string> play_exchanges(const TriedHerd& herd, const Asker& asker,
                                          bool asks_whatsat, Findings& findings) {
  ExchangePlayer player(herd, asker, asks_whatsat, findings);
  for (const Exchange& each : exchanges()) {
    // That a connection carries more than one command is a rule of its own.
    if (each.how != Exchange::How::kLines && asker.one_command()) continue;
    player.play(each);
    if (player.is_dead()) return player.sent();
  }
  if (asker.one_command()) {
    findings.not_played("line endings, pipelining, lines in pieces and long lines",
                        "a connection of this herd carries one command");
  }
  return std::nullopt;
}

}  // namespace sim
