// The engine of a herd whose servers this run does not host, as a scenario describes it: external
// programs that herdsim starts, or servers that are served elsewhere; and the way in which they
// talk. scenarios/README.md explains each key.
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

// Whether one process is one server or a whole herd.
enum class ProcessPer { kServer, kHerd };

// When a process counts as ready.
struct ReadyWhenListening {};  // when its ports listen; found out without connecting to them
struct ReadyByOutput {
  std::string pattern;  // a regular expression (RE2) that matches a line of its output
};
struct ReadyAfter {
  Duration wait{0};
};
using ReadySign = std::variant<ReadyWhenListening, ReadyByOutput, ReadyAfter>;

// The ending of a client's lines.
enum class LineEnding { kLf, kCrLf, kNone };
// How many commands a client sends on one connection.
enum class ConnectionUse { kPersistent, kOneCommand };

// How a client recognizes the end of a reply.
struct ReplyLine {};  // as in protocol.md: one line; for a WHATSAT AT, JSON and an empty line
struct ReplyEof {};   // the server closes the connection
struct ReplyMatch {
  std::string pattern;  // a regular expression (RE2) that the reply so far contains
};
struct ReplyIdle {
  Duration silence{0};  // the reply ends when no byte has arrived for this time
};
using ReplyEnd = std::variant<ReplyLine, ReplyEof, ReplyMatch, ReplyIdle>;

// How a client talks to the herd's servers.
struct Dialect {
  LineEnding line_ending = LineEnding::kLf;
  ConnectionUse connection = ConnectionUse::kPersistent;
  // The client may send the next command before the reply to the last one is complete. Persistent
  // connections only.
  bool pipelining = false;
  // The client closes its sending direction right after its command. Only with one command per
  // connection.
  bool half_close = false;
  ReplyEnd reply_end;
  // A regular expression (RE2) that selects the part of a reply that counts as the reply: its first
  // group, or the whole match if it has no group. Empty: all of the reply.
  std::string reply_pattern;
  // A regular expression (RE2) that a reply matches if it refuses the command in words of its own.
  // Empty: only a reply that begins with a question mark refuses.
  std::string refusal_pattern;
  // The timeout of a reply. After it, the command counts as unanswered (silence).
  Duration reply_within = std::chrono::seconds(2);
};

// How servers of a herd send messages to their neighbours.
enum class LinkUse {
  kPersistent,  // on a connection that stays open and is dialled again if it is lost
  kPerMessage,  // on a new connection for each message
};

// How herdsim observes the herd.
struct WatchLinks {};    // every link runs through a relay of herdsim's
struct WatchWhatsat {};  // by asking its servers, as clients do
struct WatchLogs {
  // A regular expression (RE2) with the groups `client` and `time`, and `server` if several servers
  // write to the same log. A line that matches means that the server holds that report.
  std::string pattern;
  // The log file; may contain placeholders. Relative to the engine's `cwd`. Empty: the output of
  // the processes.
  std::string file;
  bool is_of_one_server() const { return file.find("{server}") != file.npos; }
};
struct WatchReplies {};  // only by the replies that its clients get
using Watch = std::variant<WatchLinks, WatchWhatsat, WatchLogs, WatchReplies>;

// The programs of a herd, which herdsim starts and stops.
struct ProgramSpec {
  std::vector<std::string> command;  // the program first; may contain placeholders
  ProcessPer per = ProcessPer::kServer;
  std::string cwd;  // relative to the scenario's folder; empty: our own
  // Added to our own environment; values may contain placeholders.
  std::vector<std::pair<std::string, std::string>> env;
  ReadySign ready;
  int stop_signal = 15;
  Duration stop_within = std::chrono::seconds(3);  // the process is killed after this timeout
  LinkUse links = LinkUse::kPerMessage;
};

struct EngineSpec {
  std::string name = "external";  // its name in summary.csv
  // Nullopt: the servers are served elsewhere. herdsim only talks to them, at the hosts and ports
  // that the herd names.
  std::optional<ProgramSpec> program;
  // How long it may take until all servers can be talked to.
  Duration ready_within = std::chrono::seconds(20);
  Dialect dialect;
  Watch watch;

  bool is_served_elsewhere() const { return !program; }
};

// Returns whether the command or the environment contains this placeholder, for example `port`. A
// name with a colon at the end, as `port:`, asks for the placeholder with an argument. An engine
// without a program mentions none.
bool mentions(const ProgramSpec& program, std::string_view placeholder);
bool mentions(const EngineSpec& engine, std::string_view placeholder);

}  // namespace sim
