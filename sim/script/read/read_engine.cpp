#include "sim/script/read/read_engine.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "sim/base/text/pattern.h"
#include "sim/script/read/json_reader.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

constexpr std::string_view kRight = R"("native", "central" or an object with a "command")";
constexpr std::string_view kCommandRight =
    R"(a list of the program and its arguments, as ["python3", "herd.py", "{server}"])";
constexpr std::string_view kReadyRight =
    R"({"listening": true}, {"output": PATTERN} or {"after": DURATION}, each with "within")";
constexpr std::string_view kReplyEndRight =
    R"("line", "eof", {"pattern": PATTERN} or {"idle": DURATION})";
constexpr std::string_view kObserveRight =
    R"("links", "whatsat", "replies" or {"log": PATTERN}, with "file" where that is not its output)";
constexpr std::string_view kPatternRight = "a regular expression as RE2 has them";

// What stands for something in a command or an environment.
constexpr std::array<std::string_view, 15> kPlaceholders = {
    "server",  "port",   "host",      "herd",           "secret",
    "dial",    "expect", "neighbors", "neighbor_names", "neighbor_ports",
    "servers", "ports",  "herdsim",   "places_url",     "propagation"};
// Those that a process of one server has alone.
constexpr std::array<std::string_view, 7> kOfOneServer = {
    "server", "port", "dial", "expect", "neighbors", "neighbor_names", "neighbor_ports"};
// Those by which it hears where its neighbours are.
constexpr std::array<std::string_view, 4> kNeighborPlaces = {"dial", "neighbors", "neighbor_ports",
                                                             "servers"};

template <class Names>
bool is_among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class EngineReader {
 public:
  EngineReader(const std::string& folder, bool servers_known, HerdSpec& herd, Problems& problems)
      : folder_(folder), servers_known_(servers_known), herd_(herd), problems_(problems) {}

  std::optional<EngineSpec> read(const JsonNode& node) {
    ObjectReader object(node, problems_, kRight);
    if (!object.is_object()) return std::nullopt;
    if (const auto per = object.optional("per")) {
      static constexpr std::array kChoices = {Choice<ProcessPer>{"server", ProcessPer::kServer},
                                              Choice<ProcessPer>{"herd", ProcessPer::kHerd}};
      engine_.per = read_choice(*per, problems_, kChoices).value_or(engine_.per);
    }
    const auto command = object.required("command", kCommandRight);
    if (command) read_command(*command);
    if (const auto name = object.optional("name")) {
      engine_.name = read_name(*name, problems_).value_or(engine_.name);
    }
    engine_.cwd = folder_;
    if (const auto cwd = object.optional("cwd")) {
      const auto text = read_text(*cwd, problems_, "a folder, from the scenario file's");
      if (text) engine_.cwd = text->starts_with('/') ? *text : folder_ + *text;
    }
    if (const auto env = object.optional("env")) read_env(*env);
    if (const auto ports = object.optional("ports")) read_ports(*ports);
    if (const auto ready = object.optional("ready")) read_ready(*ready);
    read_stop(object);
    if (const auto links = object.optional("links")) {
      static constexpr std::array kChoices = {Choice<LinkUse>{"persistent", LinkUse::kPersistent},
                                              Choice<LinkUse>{"per-message", LinkUse::kPerMessage}};
      engine_.links = read_choice(*links, problems_, kChoices).value_or(engine_.links);
    }
    read_dialect(object);
    if (command) check_port_is_told(*command);
    const auto observe = object.optional("observe");
    observe ? read_observe(*observe) : choose_watch();
    object.finish();
    if (!command) return std::nullopt;
    return std::move(engine_);
  }

 private:
  void read_command(const JsonNode& node) {
    const auto size = read_list(node, problems_, kCommandRight);
    if (!size) return;
    if (*size == 0) problems_.add(node.path, "is empty", std::string(kCommandRight));
    for (std::size_t i = 0; i < *size; ++i) {
      const JsonNode item = node.item(i);
      const auto text = read_text(item, problems_, "a text");
      if (!text) continue;
      check_placeholders(item.path, *text);
      engine_.command.push_back(*text);
    }
  }

  void read_env(const JsonNode& node) {
    ObjectReader object(node, problems_, R"(an object, as {"NAME": "value"})");
    if (!object.is_object()) return;
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(node.json, key, value) {
      const JsonNode item{value, node.member_path(key)};
      const auto text = read_text(item, problems_, "a text");
      if (!text) continue;
      check_placeholders(item.path, *text);
      engine_.env.emplace_back(key, *text);
    }
  }

  void check_placeholders(const std::string& path, std::string_view text) {
    for (const Placeholder& each : placeholders_in(text)) {
      const std::string whole =
          fmt::format("{{{}{}{}}}", each.name, each.argument.empty() ? "" : ":", each.argument);
      if (each.name == "port" && !each.argument.empty()) {
        if (servers_known_ && !herd_.find_server(std::string(each.argument))) {
          problems_.add(path, whole + " is of no server of this herd", "the name of one of them");
        }
        continue;
      }
      if (!is_among(kPlaceholders, each.name) || !each.argument.empty()) {
        problems_.add(path, whole + " stands for nothing", "{" + what_stands(each.name) + "}");
      } else if (engine_.per == ProcessPer::kHerd && is_among(kOfOneServer, each.name)) {
        problems_.add(path, whole + R"( is of one server, and one process is all of them)",
                      R"({servers}, {ports} or {port:NAME}, or "per": "server")");
      }
    }
  }

  static std::string what_stands(std::string_view name) {
    const auto near = suggest(name, kPlaceholders);
    if (near) return *near;
    return fmt::format("{}", fmt::join(kPlaceholders, "}, {"));
  }

  void read_ports(const JsonNode& node) {
    constexpr std::string_view kPortsRight =
        R"(a list of a port for each server, or an object, as {"Alford": 12000})";
    if (json_is_object(node.json)) {
      const char* key = nullptr;
      json_t* value = nullptr;
      json_object_foreach(node.json, key, value) {
        const JsonNode item{value, node.member_path(key)};
        const auto server = servers_known_ ? herd_.find_server(key) : std::nullopt;
        if (servers_known_ && !server) {
          problems_.add(item.path, "there is no server " + quoted(key) + " in this herd",
                        "the names of its servers");
        }
        read_port(item, server);
      }
      return;
    }
    const auto size = read_list(node, problems_, kPortsRight);
    if (!size) return;
    if (servers_known_ && *size != herd_.servers.size()) {
      problems_.add(node.path,
                    fmt::format("are {} ports for {} servers", *size, herd_.servers.size()),
                    std::string(kPortsRight));
    }
    for (std::uint32_t i = 0; i < *size; ++i) {
      const bool has = servers_known_ && i < herd_.servers.size();
      read_port(node.item(i), has ? std::optional(i) : std::nullopt);
    }
  }

  void read_port(const JsonNode& node, std::optional<std::uint32_t> server) {
    const auto port = read_whole(node, problems_, 1, kMaxPort);
    if (!port || !server) return;
    for (const ServerSpec& other : herd_.servers) {
      if (other.port == *port && other.name != herd_.servers[*server].name) {
        problems_.add(node.path, fmt::format("port {} is {}'s already", *port, other.name),
                      "a port for each server");
      }
    }
    herd_.servers[*server].port = static_cast<std::uint16_t>(*port);
  }

  void read_ready(const JsonNode& node) {
    ObjectReader object(node, problems_, kReadyRight);
    if (!object.is_object()) return;
    int signs = 0;
    if (const auto listening = object.optional("listening")) {
      ++signs;
      if (read_flag(*listening, problems_) == false) {
        problems_.add(listening->path, "says when a server is not ready", std::string(kReadyRight));
      }
    }
    if (const auto output = object.optional("output")) {
      ++signs;
      if (const auto pattern = read_pattern(*output)) engine_.ready = ReadyByOutput{*pattern};
    }
    if (const auto after = object.optional("after")) {
      ++signs;
      const auto wait = read_duration(*after, problems_, kNonNegativeDuration);
      if (wait) engine_.ready = ReadyAfter{*wait};
    }
    if (signs > 1) problems_.add(node.path, "has several signs", std::string(kReadyRight));
    if (const auto within = object.optional("within")) {
      engine_.ready_within =
          read_duration(*within, problems_, kPositiveDuration).value_or(engine_.ready_within);
    }
    object.finish();
    const auto* after = std::get_if<ReadyAfter>(&engine_.ready);
    if (after != nullptr && after->wait >= engine_.ready_within) {
      problems_.add(node.path, R"(waits for longer than it may take)",
                    R"("within" above "after"; it is 20s by default)");
    }
  }

  void read_stop(ObjectReader& object) {
    if (const auto stop = object.optional("stop")) {
      static constexpr std::array kChoices = {Choice<int>{"SIGTERM", SIGTERM},
                                              Choice<int>{"SIGINT", SIGINT}};
      engine_.stop_signal = read_choice(*stop, problems_, kChoices).value_or(SIGTERM);
    }
    if (const auto within = object.optional("stop_within")) {
      engine_.stop_within =
          read_duration(*within, problems_, kPositiveDuration).value_or(engine_.stop_within);
    }
  }

  void read_dialect(ObjectReader& object) {
    Dialect& dialect = engine_.dialect;
    if (const auto ending = object.optional("line_ending")) {
      static constexpr std::array kChoices = {Choice<LineEnding>{"lf", LineEnding::kLf},
                                              Choice<LineEnding>{"crlf", LineEnding::kCrLf},
                                              Choice<LineEnding>{"none", LineEnding::kNone}};
      dialect.line_ending = read_choice(*ending, problems_, kChoices).value_or(LineEnding::kLf);
    }
    if (const auto connection = object.optional("connection")) {
      static constexpr std::array kChoices = {
          Choice<ConnectionUse>{"persistent", ConnectionUse::kPersistent},
          Choice<ConnectionUse>{"one-command", ConnectionUse::kOneCommand}};
      dialect.connection =
          read_choice(*connection, problems_, kChoices).value_or(ConnectionUse::kPersistent);
    }
    const bool one = dialect.connection == ConnectionUse::kOneCommand;
    if (const auto pipelining = object.optional("pipelining")) {
      dialect.pipelining = read_flag(*pipelining, problems_).value_or(false);
      if (dialect.pipelining && one) {
        problems_.add(pipelining->path, "is of connections that carry many commands",
                      R"("connection": "persistent")");
      }
      if (dialect.pipelining && dialect.line_ending == LineEnding::kNone) {
        problems_.add(pipelining->path, "would have commands run into each other",
                      R"("line_ending": "lf" or "crlf")");
      }
    }
    if (const auto half_close = object.optional("half_close")) {
      dialect.half_close = read_flag(*half_close, problems_).value_or(false);
      if (dialect.half_close && !one) {
        problems_.add(half_close->path, "would end the connection after its first command",
                      R"("connection": "one-command")");
      }
    }
    if (const auto end = object.optional("reply_end")) read_reply_end(*end, one);
    if (dialect.pipelining && !std::holds_alternative<ReplyLine>(dialect.reply_end) &&
        !std::holds_alternative<ReplyMatch>(dialect.reply_end)) {
      problems_.add(object.node().member_path("pipelining"),
                    "needs replies whose end is in themselves",
                    R"("reply_end": "line" or {"pattern": PATTERN})");
    }
    if (const auto pattern = object.optional("reply_pattern")) {
      dialect.reply_pattern = read_pattern(*pattern).value_or("");
    }
    if (const auto within = object.optional("reply_within")) {
      dialect.reply_within =
          read_duration(*within, problems_, kPositiveDuration).value_or(dialect.reply_within);
    }
  }

  void read_reply_end(const JsonNode& node, bool one_command) {
    Dialect& dialect = engine_.dialect;
    if (json_is_string(node.json)) {
      static constexpr std::array kChoices = {Choice<bool>{"line", false},
                                              Choice<bool>{"eof", true}};
      const auto eof = read_choice(node, problems_, kChoices);
      if (!eof || !*eof) return;
      if (!one_command) {
        problems_.add(node.path, "comes once in a connection", R"("connection": "one-command")");
      }
      dialect.reply_end = ReplyEof{};
      return;
    }
    ObjectReader object(node, problems_, kReplyEndRight);
    if (!object.is_object()) return;
    const auto pattern = object.optional("pattern");
    const auto idle = object.optional("idle");
    if (pattern.has_value() == idle.has_value()) {
      problems_.add(node.path, "has neither one end nor the other", std::string(kReplyEndRight));
    } else if (pattern) {
      if (const auto text = read_pattern(*pattern)) dialect.reply_end = ReplyMatch{*text};
    } else if (const auto silence = read_duration(*idle, problems_, kPositiveDuration)) {
      dialect.reply_end = ReplyIdle{*silence};
    }
    object.finish();
  }

  void check_port_is_told(const JsonNode& command) {
    const bool fixed = std::all_of(herd_.servers.begin(), herd_.servers.end(),
                                   [](const ServerSpec& server) { return server.port != 0; });
    if (!servers_known_ || fixed) return;
    for (const std::string_view name : {"port", "port:", "ports", "servers"}) {
      if (mentions(engine_, name)) return;
    }
    problems_.add(command.path, "does not tell the program its port",
                  R"({port} among its arguments, or "ports" where they are fixed in the program)");
  }

  bool hears_of_neighbors() const {
    const auto mentioned = [&](std::string_view name) { return mentions(engine_, name); };
    return engine_.per == ProcessPer::kServer &&
           (std::any_of(kNeighborPlaces.begin(), kNeighborPlaces.end(), mentioned) ||
            mentions(engine_, "port:"));
  }

  void choose_watch() {
    if (hears_of_neighbors()) {
      engine_.watch = WatchLinks{};
    } else if (mentions(engine_, "places_url")) {
      engine_.watch = WatchWhatsat{};
    } else {
      engine_.watch = WatchReplies{};
    }
  }

  void read_observe(const JsonNode& node) {
    if (json_is_string(node.json)) {
      const std::array choices = {Choice<Watch>{"links", WatchLinks{}},
                                  Choice<Watch>{"whatsat", WatchWhatsat{}},
                                  Choice<Watch>{"replies", WatchReplies{}}};
      const auto watch = read_choice(node, problems_, choices);
      engine_.watch = watch.value_or(WatchReplies{});
      if (watch && std::holds_alternative<WatchLinks>(*watch) && !hears_of_neighbors()) {
        problems_.add(node.path, "cannot be: the program is not told where its neighbours are",
                      R"({neighbors}, {dial}, {neighbor_ports}, {servers} or {port:NAME} in its )"
                      R"(command, a process for each server; or "whatsat")");
      }
      return;
    }
    ObjectReader object(node, problems_, kObserveRight);
    if (!object.is_object()) return;
    const auto log = object.required("log", kObserveRight);
    WatchLogs logs;
    if (const auto file = object.optional("file")) logs.file = read_log_file(*file);
    object.finish();
    const auto pattern = log ? read_pattern(*log) : std::nullopt;
    if (!pattern) return;
    logs.pattern = *pattern;
    engine_.watch = logs;
    const RE2 compiled(*pattern, pattern_options());
    std::vector<std::string_view> needed = {"client", "time"};
    const bool of_one_server =
        logs.file.empty() ? engine_.per == ProcessPer::kServer : logs.is_of_one_server();
    if (!of_one_server) needed.emplace_back("server");
    for (const std::string_view group : needed) {
      if (compiled.NamedCapturingGroups().contains(std::string(group))) continue;
      problems_.add(log->path, fmt::format("has no group {}", quoted(group)),
                    fmt::format("(?P<{}>...)", group));
    }
  }

  std::string read_log_file(const JsonNode& node) {
    constexpr std::string_view kFileRight = R"(a file, as "{server}.log")";
    const auto text = read_text(node, problems_, kFileRight);
    if (!text) return "";
    if (text->empty()) problems_.add(node.path, "is empty", std::string(kFileRight));
    for (const Placeholder& each : placeholders_in(*text)) {
      if ((each.name == "server" || each.name == "herd") && each.argument.empty()) continue;
      problems_.add(node.path, fmt::format("{{{}}} stands for nothing here", each.name),
                    "{server} or {herd}");
    }
    return *text;
  }

  std::optional<std::string> read_pattern(const JsonNode& node) {
    auto text = read_text(node, problems_, kPatternRight);
    if (!text) return text;
    const auto problem = Pattern(*text).problem();
    if (!text->empty() && !problem) return text;
    problems_.add(node.path,
                  problem ? quoted(*text) + " is no pattern: " + *problem
                          : "is empty, which everything matches",
                  std::string(kPatternRight));
    return std::nullopt;
  }

  const std::string& folder_;
  const bool servers_known_;
  HerdSpec& herd_;
  Problems& problems_;
  EngineSpec engine_;
};

}  // namespace

std::optional<EngineSpec> read_engine(const JsonNode& node, const std::string& folder,
                                      bool servers_known, HerdSpec& herd, Problems& problems) {
  return EngineReader(folder, servers_known, herd, problems).read(node);
}

}  // namespace sim
