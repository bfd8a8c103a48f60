#include "sim/app/attempt/find_habits.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sim/app/attempt/talk.h"

namespace sim {
namespace {

// How long an answer may take: a long time, until it is known that there are ways that have none.
constexpr Milliseconds kPatient(5000), kImpatient(2000);
// How long nothing must come until an answer is over.
constexpr Milliseconds kQuietEnd(150);

struct Way {
  LineEnding ending;
  std::string_view bytes;
  bool half_close;
};
// In the order in which they are tried: the protocol's own first.
constexpr std::array kWays = {
    Way{LineEnding::kLf, "\n", false}, Way{LineEnding::kCrLf, "\r\n", false},
    Way{LineEnding::kLf, "\n", true},  Way{LineEnding::kCrLf, "\r\n", true},
    Way{LineEnding::kNone, "", false}, Way{LineEnding::kNone, "", true},
};

// Returns a report of a client that no check of the attempt names.
std::string probe_report(int number) {
  return "IAMAT probe-" + std::to_string(number) + " +34.068930-118.445127 1479413884.392014450";
}

struct Heard {
  std::string text;
  bool closed = false;
};

// Returns what comes in answer until nothing more does.
Heard hear(Talk& talk, Milliseconds patience = kPatient) {
  Heard heard;
  if (talk.read(heard.text, patience) == Talk::Came::kBytes) {
    heard.text += talk.rest(kQuietEnd);
  }
  heard.closed = talk.ended();
  return heard;
}

class Finder {
 public:
  Finder(const sockaddr_storage& server, Habits& habits) : server_(server), habits_(habits) {}

  void find() {
    const auto first = find_way();
    if (!first) {
      habits_.answers = false;
      return;
    }
    const bool has_line_end = first->text.ends_with('\n');
    const bool persistent = !first->closed && !way_.half_close && answers_again();
    if (!persistent) habits_.dialect.connection = ConnectionUse::kOneCommand;
    if (!persistent && first->closed) {
      habits_.dialect.reply_end = ReplyEof{};
    } else if (!has_line_end) {
      habits_.dialect.reply_end = ReplyIdle{std::chrono::milliseconds(200)};
    }
    if (persistent && has_line_end && way_.ending != LineEnding::kNone) {
      habits_.dialect.pipelining = answers_both();
    }
  }

 private:
  std::string line() { return probe_report(++number_).append(way_.bytes); }

  // Tries each way until one is answered, and returns that answer.
  std::optional<Heard> find_way() {
    for (const Way& way : kWays) {
      way_ = way;
      Talk talk(server_);
      talk.say(line());
      if (way.half_close) talk.end();
      const Heard heard = hear(talk, &way == kWays.begin() ? kPatient : kImpatient);
      if (heard.text.find("AT ") == std::string::npos) {
        if (!heard.text.empty()) habits_.heard = heard.text;
        continue;
      }
      habits_.dialect.line_ending = way.ending;
      habits_.dialect.half_close = way.half_close;
      return heard;
    }
    return std::nullopt;
  }

  // Returns whether a connection has an answer for a second command too.
  bool answers_again() {
    Talk talk(server_);
    talk.say(line());
    hear(talk);
    talk.say(line());
    return !hear(talk).text.empty();
  }

  // Returns whether two commands that come at once are both answered.
  bool answers_both() {
    Talk talk(server_);
    const std::string first = line(), second = line();
    talk.say(first + second);
    std::string text;
    while (std::count(text.begin(), text.end(), '\n') < 2) {
      if (talk.read(text, kPatient) != Talk::Came::kBytes) return false;
    }
    return true;
  }

  const sockaddr_storage& server_;
  Habits& habits_;
  Way way_ = kWays.front();
  int number_ = 0;
};

}  // namespace

Habits find_habits(const sockaddr_storage& server, LinkUse links) {
  Habits habits;
  habits.links = links;
  Finder(server, habits).find();
  return habits;
}

}  // namespace sim
