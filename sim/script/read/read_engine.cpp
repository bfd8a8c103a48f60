#include "sim/script/read/read_engine.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "sim/base/text/pattern.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_dialect.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

constexpr std::string_view kEngineRight = R"("native", "central" or an object with a "command")";
constexpr std::string_view kCommandRight =
    R"(a list of the program and its arguments, as ["python3", "herd.py", "{server}"])";
constexpr std::string_view kReadyRight =
    R"({"listening": true}, {"output": PATTERN} or {"after": DURATION}, each with "within")";
constexpr std::string_view kObserveRight =
    R"("links", "whatsat", "replies" or {"log": PATTERN}, with "file" where that is not its output)";
constexpr std::string_view kPortsRight =
    R"(a list of a port for each server, or an object, as {"Alford": 12000})";
constexpr std::string_view kLogFileRight = R"(a file, as "{server}.log")";
constexpr TextKind kText{"a text"};
constexpr WholeKind kPort{1, kMaxPort};

constexpr Choice<ProcessPer> kPers[] = {
    {"server", ProcessPer::kServer},
    {"herd", ProcessPer::kHerd},
};
constexpr Choice<int> kStops[] = {{"SIGTERM", SIGTERM}, {"SIGINT", SIGINT}};
constexpr Choice<LinkUse> kLinkUses[] = {
    {"persistent", LinkUse::kPersistent},
    {"per-message", LinkUse::kPerMessage},
};
constexpr std::string_view kWatches[] = {"links", "whatsat", "replies"};

// The placeholders of a command or an environment.
constexpr std::array<std::string_view, 15> kPlaceholders = {
    "server",  "port",   "host",      "herd",           "secret",
    "dial",    "expect", "neighbors", "neighbor_names", "neighbor_ports",
    "servers", "ports",  "herdsim",   "places_url",     "propagation"};
// The placeholders that only a process of one server has.
constexpr std::array<std::string_view, 7> kOfOneServer = {
    "server", "port", "dial", "expect", "neighbors", "neighbor_names", "neighbor_ports"};
// The placeholders that tell a process where its neighbours are.
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
    ObjectReader object(node, problems_, kEngineRight);
    if (!object.is_object()) return std::nullopt;
    engine_.cwd = folder_;
    read_fields(object, fields(), engine_, *this);
    engine_.dialect = read_dialect(object);
    if (object.has("command")) check_port_is_told(node.member_path("command"));
    read_fields(object, watch_fields(), engine_, *this);
    object.finish();
    if (!object.has("command")) return std::nullopt;
    return std::move(engine_);
  }

  static Schema schema() {
    return object_schema(properties_of(fields(), dialect_properties(), watch_fields()),
                         Schema::list("allOf", dialect_rules()));
  }

 private:
  static const Fields<EngineSpec, EngineReader>& fields() {
    static const Fields<EngineSpec, EngineReader> kFields = {
        {"per", choice_of(kPers), &EngineSpec::per, "Whether one process is a server or the herd."},
        {"command", Described{command_schema, kCommandRight}, &EngineReader::read_command,
         "The program and its arguments. Words in braces, as {port}, stand for what is known only "
         "when it is started.",
         required()},
        {"name", NameKind{}, &EngineSpec::name, "The engine's name in summary.csv."},
        {"cwd", TextKind{"a folder, from the scenario file's"}, &EngineReader::set_cwd,
         "The folder to run in, from the scenario file's folder."},
        {"env", Described{env_schema}, &EngineReader::read_env,
         "Variables added to the environment, with words in braces as in the command."},
        {"ports", Described{ports_schema}, &EngineReader::read_ports,
         "The servers' ports, if they are fixed in the program."},
        {"ready", Described{ready_schema}, &EngineReader::read_ready,
         "When a process counts as up. Default: once its ports are listened on."},
        {"stop", choice_of(kStops), &EngineSpec::stop_signal, "The signal that asks it to end."},
        {"stop_within", kPositiveDuration, &EngineSpec::stop_within,
         "How long it may take to end; then it is killed."},
        {"links", choice_of(kLinkUses), &EngineSpec::links,
         "Whether servers keep a connection to each neighbour or make one for each message."},
    };
    return kFields;
  }

  static const Fields<EngineSpec, EngineReader>& watch_fields() {
    static const Fields<EngineSpec, EngineReader> kFields = {
        {"observe", Described{observe_schema, kObserveRight}, &EngineReader::read_observe,
         "How the herd is watched: by its links, by WHATSATs, by its clients' replies alone, or by "
         "its log. Default: by its links if the program is told where its neighbours are; else by "
         "WHATSATs if it is told of Places; else by replies."},
    };
    return kFields;
  }

  static Schema command_schema() {
    return R"("type": "array", "minItems": 1)" + kText.schema().as("items");
  }

  void read_command(const JsonNode& node, EngineSpec&) {
    const auto size = read_list(node, problems_, kCommandRight);
    if (!size) return;
    if (*size == 0) problems_.add(node.path, "is empty", std::string(kCommandRight));
    for (std::size_t i = 0; i < *size; ++i) {
      const JsonNode item = node.item(i);
      const auto text = kText.read(item, problems_);
      if (!text) continue;
      check_placeholders(item.path, *text);
      engine_.command.push_back(*text);
    }
  }

  void set_cwd(const JsonNode&, const std::string& text, EngineSpec&) {
    engine_.cwd = text.starts_with('/') ? text : folder_ + text;
  }

  static Schema env_schema() {
    return R"("type": "object")" + kText.schema().as("additionalProperties");
  }

  void read_env(const JsonNode& node, EngineSpec&) {
    ObjectReader object(node, problems_, R"(an object, as {"NAME": "value"})");
    if (!object.is_object()) return;
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(node.json, key, value) {
      const JsonNode item{value, node.member_path(key)};
      const auto text = kText.read(item, problems_);
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

  static Schema ports_schema() {
    return one_of({R"("type": "array", "minItems": 1)" + kPort.schema().as("items"),
                   R"("type": "object")" + kPort.schema().as("additionalProperties")});
  }

  void read_ports(const JsonNode& node, EngineSpec&) {
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
    const auto port = kPort.read(node, problems_);
    if (!port || !server) return;
    for (const ServerSpec& other : herd_.servers) {
      if (other.port == *port && other.name != herd_.servers[*server].name) {
        problems_.add(node.path, fmt::format("port {} is {}'s already", *port, other.name),
                      "a port for each server");
      }
    }
    herd_.servers[*server].port = static_cast<std::uint16_t>(*port);
  }

  static const Fields<EngineSpec, EngineReader>& ready_fields() {
    static const Fields<EngineSpec, EngineReader> kFields = {
        {"listening", Described{[]() -> Schema { return R"("const": true)"; }},
         &EngineReader::read_listening, "Its ports are listened on."},
        {"output", PatternKind{}, &EngineReader::set_ready<ReadyByOutput, std::string>,
         "A line of its output matches this."},
        {"after", kNonNegativeDuration, &EngineReader::set_ready<ReadyAfter, Duration>,
         "It has run for this long."},
        {"within", kPositiveDuration, &EngineSpec::ready_within, "How long it may take at most."},
    };
    return kFields;
  }

  static Schema ready_schema() {
    return object_schema(ready_fields(), R"("not": {"anyOf": [
        {"required": ["listening", "output"]}, {"required": ["listening", "after"]},
        {"required": ["output", "after"]}]})");
  }

  void read_ready(const JsonNode& node, EngineSpec&) {
    ObjectReader object(node, problems_, kReadyRight);
    if (!object.is_object()) return;
    read_fields(object, ready_fields(), engine_, *this);
    const int signs = object.has("listening") + object.has("output") + object.has("after");
    if (signs > 1) problems_.add(node.path, "has several signs", std::string(kReadyRight));
    object.finish();
    const auto* after = std::get_if<ReadyAfter>(&engine_.ready);
    if (after != nullptr && after->wait >= engine_.ready_within) {
      problems_.add(node.path, R"(waits for longer than it may take)",
                    R"("within" above "after"; it is 20s by default)");
    }
  }

  void read_listening(const JsonNode& node, EngineSpec&) {
    if (FlagKind{}.read(node, problems_) == false) {
      problems_.add(node.path, "says when a server is not ready", std::string(kReadyRight));
    }
  }

  template <class Sign, class Value>
  void set_ready(const JsonNode&, const Value& value, EngineSpec& engine) {
    engine.ready = Sign{value};
  }

  void check_port_is_told(const std::string& command_path) {
    const bool fixed = std::all_of(herd_.servers.begin(), herd_.servers.end(),
                                   [](const ServerSpec& server) { return server.port != 0; });
    if (!servers_known_ || fixed) return;
    for (const std::string_view name : {"port", "port:", "ports", "servers"}) {
      if (mentions(engine_, name)) return;
    }
    problems_.add(command_path, "does not tell the program its port",
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

  static const Fields<WatchLogs, EngineReader>& log_fields() {
    static const Fields<WatchLogs, EngineReader> kFields = {
        {"log", PatternKind{}, &WatchLogs::pattern,
         "A line that matches says that a server holds a report; groups client and time, and "
         "server if several write the log.",
         required(kObserveRight)},
        {"file", TextKind{kLogFileRight, R"("type": "string", "minLength": 1)"},
         &EngineReader::set_log_file,
         "What to read in place of the output, from cwd. {server} and {herd} stand for names."},
    };
    return kFields;
  }

  static Schema observe_schema() {
    return one_of({R"("enum": )" + to_json_list({std::begin(kWatches), std::end(kWatches)}),
                   object_schema(log_fields())});
  }

  void read_observe(const std::optional<JsonNode>& node, EngineSpec&) {
    if (!node) return choose_watch();
    if (json_is_string(node->json)) return read_watch(*node);
    ObjectReader object(*node, problems_, kObserveRight);
    if (!object.is_object()) return;
    WatchLogs logs;
    read_fields(object, log_fields(), logs, *this);
    object.finish();
    if (logs.pattern.empty()) return;
    engine_.watch = logs;
    check_groups(logs, node->member_path("log"));
  }

  void read_watch(const JsonNode& node) {
    const std::array choices = {Choice<Watch>{kWatches[0], WatchLinks{}},
                                Choice<Watch>{kWatches[1], WatchWhatsat{}},
                                Choice<Watch>{kWatches[2], WatchReplies{}}};
    const auto watch = read_choice(node, problems_, choices);
    engine_.watch = watch.value_or(WatchReplies{});
    if (!watch || !std::holds_alternative<WatchLinks>(*watch) || hears_of_neighbors()) return;
    problems_.add(node.path, "cannot be: the program is not told where its neighbours are",
                  R"({neighbors}, {dial}, {neighbor_ports}, {servers} or {port:NAME} in its )"
                  R"(command, a process for each server; or "whatsat")");
  }

  void check_groups(const WatchLogs& logs, const std::string& path) {
    const RE2 compiled(logs.pattern, pattern_options());
    std::vector<std::string_view> needed = {"client", "time"};
    const bool of_one_server =
        logs.file.empty() ? engine_.per == ProcessPer::kServer : logs.is_of_one_server();
    if (!of_one_server) needed.emplace_back("server");
    for (const std::string_view group : needed) {
      if (compiled.NamedCapturingGroups().contains(std::string(group))) continue;
      problems_.add(path, fmt::format("has no group {}", quoted(group)),
                    fmt::format("(?P<{}>...)", group));
    }
  }

  void set_log_file(const JsonNode& node, const std::string& text, WatchLogs& logs) {
    if (text.empty()) problems_.add(node.path, "is empty", std::string(kLogFileRight));
    for (const Placeholder& each : placeholders_in(text)) {
      if ((each.name == "server" || each.name == "herd") && each.argument.empty()) continue;
      problems_.add(node.path, fmt::format("{{{}}} stands for nothing here", each.name),
                    "{server} or {herd}");
    }
    logs.file = text;
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

Schema engine_schema() { return EngineReader::schema(); }

}  // namespace sim
