// What a herd's servers are made of, as a scenario says it: our own, or programs of somebody
// else's, with their habits. scenarios/README.md words each key.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"

namespace sim {

using herd::Duration;

// Whether one process is one server, or all of a herd.
enum class ProcessPer { kServer, kHerd };

// When a process counts as up.
struct ReadyWhenListening {};  // its ports are listened on: seen without connecting to them
struct ReadyByOutput {
  std::string pattern;  // a regular expression (RE2) that a line of its output matches
};
struct ReadyAfter {
  Duration wait{0};
};
using ReadySign = std::variant<ReadyWhenListening, ReadyByOutput, ReadyAfter>;

// What a client's line ends with.
enum class LineEnding { kLf, kCrLf, kNone };
// What a client's connection is good for.
enum class ConnectionUse { kPersistent, kOneCommand };

// How the end of a reply is known.
struct ReplyLine {};  // as protocol.md has it: a line; for a WHATSAT its AT, JSON and an empty line
struct ReplyEof {};   // the server closes
struct ReplyMatch {
  std::string pattern;  // a regular expression (RE2) that the whole reply so far contains
};
struct ReplyIdle {
  Duration silence{0};  // nothing more has come for so long
};
using ReplyEnd = std::variant<ReplyLine, ReplyEof, ReplyMatch, ReplyIdle>;

// How a client talks to the herd's servers.
struct Dialect {
  LineEnding line_ending = LineEnding::kLf;
  ConnectionUse connection = ConnectionUse::kPersistent;
  // A further command may be sent before the reply to the last has come. Persistent only.
  bool pipelining = false;
  // The client says that it sends no more right after its command. One command only.
  bool half_close = false;
  ReplyEnd reply_end;
  // A regular expression (RE2): what of a reply is the reply, its first group or the whole match;
  // empty: all of it.
  std::string reply_pattern;
  // After so long without a reply the command counts as met with silence.
  Duration reply_within = std::chrono::seconds(2);
};

// How servers of a herd talk to their neighbours.
enum class LinkUse {
  kPersistent,  // on a connection that stays and is dialled again
  kPerMessage,  // on a new connection each time
};

// How the herd is watched.
struct WatchLinks {};    // every link runs through a relay of ours
struct WatchWhatsat {};  // by asking its servers, as clients do
struct WatchLogs {
  // A regular expression (RE2) with the groups `client` and `time`, and `server` where others write
  // the same log: a line that matches says that the server holds that report.
  std::string pattern;
  // The log, with placeholders; relative to the engine's `cwd`. Empty: what processes output.
  std::string file;
  bool is_of_one_server() const { return file.find("{server}") != file.npos; }
};
struct WatchReplies {};  // by nothing but what its clients are answered
using Watch = std::variant<WatchLinks, WatchWhatsat, WatchLogs, WatchReplies>;

struct EngineSpec {
  std::string name = "external";     // how summary.csv calls it
  std::vector<std::string> command;  // with placeholders; the program first
  ProcessPer per = ProcessPer::kServer;
  std::string cwd;                                       // beside the scenario; empty: ours
  std::vector<std::pair<std::string, std::string>> env;  // added to ours, with placeholders
  ReadySign ready;
  Duration ready_within = std::chrono::seconds(20);
  int stop_signal = 15;
  Duration stop_within = std::chrono::seconds(3);  // then it is killed
  LinkUse links = LinkUse::kPerMessage;
  Dialect dialect;
  Watch watch;
};

// Whether the command or the environment has this placeholder, as `port`; with a colon behind, as
// `port:`, whether it has it with an argument.
bool mentions(const EngineSpec& engine, std::string_view placeholder);

}  // namespace sim
