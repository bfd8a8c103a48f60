#include "sim/script/read/read_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_dialect.h"
#include "sim/script/read/read_watch.h"
#include "sim/script/spec/limits.h"
#include "sim/script/spec/placeholders.h"

namespace sim {
namespace {

constexpr std::string_view kEngineRight =
    R"("native", "central" or an object with a "command" or "served")";
constexpr std::string_view kCommandRight =
    R"(a list of the program and its arguments, as ["python3", "herd.py", "{server}"])";
constexpr std::string_view kEngineNeeds =
    R"(a list of the program and its arguments; or "served": true, if the servers run already)";
constexpr std::string_view kElsewhereRight =
    R"(leave it out, or have a "command" in place of "served")";
constexpr std::string_view kReadyRight =
    R"({"listening": true}, {"output": PATTERN} or {"after": DURATION}, each with "within")";
constexpr std::string_view kPortsRight =
    R"(a list of a port for each server, or an object, as {"Alford": 12000})";
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

// The placeholders of a command or an environment.
constexpr std::array<std::string_view, 15> kPlaceholders = {
    "server",  "port",   "host",      "herd",           "secret",
    "dial",    "expect", "neighbors", "neighbor_names", "neighbor_ports",
    "servers", "ports",  "herdsim",   "places_url",     "propagation"};
// The placeholders that only a process of one server has.
constexpr std::array<std::string_view, 7> kOfOneServer = {
    "server", "port", "dial", "expect", "neighbors", "neighbor_names", "neighbor_ports"};

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
    is_elsewhere_ = object.has("served");
    if (is_elsewhere_) {
      engine_.name = "served";
      refuse_keys_of_programs(object);
    } else if (!object.has("command")) {
      problems_.add(node.member_path("command"), "is missing", std::string(kEngineNeeds));
    }
    program_.cwd = folder_;
    read_fields(object, program_fields(), program_, *this);
    read_fields(object, fields(), engine_, *this);
    engine_.dialect = read_dialect(object);
    const bool has_program = !is_elsewhere_ && object.has("command");
    if (has_program) check_port_is_told(node.member_path("command"));
    read_fields(object, watch_fields(), engine_, *this);
    object.finish();
    if (!has_program && !is_elsewhere_) return std::nullopt;
    if (has_program) engine_.program = std::move(program_);
    return std::move(engine_);
  }

  static Schema schema() {
    std::vector<Schema> rules = dialect_rules();
    rules.push_back(elsewhere_rule());
    return object_schema(
        properties_of(program_fields(), fields(), dialect_properties(), watch_fields()),
        has_one_of({"command", "served"}) + Schema::list("allOf", rules));
  }

 private:
  // The keys that describe the programs that herdsim starts.
  static const Fields<ProgramSpec, EngineReader>& program_fields() {
    static const Fields<ProgramSpec, EngineReader> kFields = {
        {"per", choice_of(kPers), &ProgramSpec::per,
         "Whether one process is a server or the herd."},
        {"command", Described{command_schema, kCommandRight}, &EngineReader::read_command,
         "The program and its arguments. Words in braces, as {port}, stand for what is known only "
         "when it is started."},
        {"cwd", TextKind{"a folder, from the scenario file's"}, &EngineReader::set_cwd,
         "The folder to run in, from the scenario file's folder."},
        {"env", Described{env_schema}, &EngineReader::read_env,
         "Variables added to the environment, with words in braces as in the command."},
        {"ports", Described{ports_schema}, &EngineReader::read_ports,
         "The servers' ports, if they are fixed in the program."},
        {"stop", choice_of(kStops), &ProgramSpec::stop_signal, "The signal that asks it to end."},
        {"stop_within", kPositiveDuration, &ProgramSpec::stop_within,
         "How long it may take to end; then it is killed."},
        {"links", choice_of(kLinkUses), &ProgramSpec::links,
         "Whether servers keep a connection to each neighbour or make one for each message."},
    };
    return kFields;
  }

  static const Fields<EngineSpec, EngineReader>& fields() {
    static const Fields<EngineSpec, EngineReader> kFields = {
        {"served", Described{[]() -> Schema { return R"("const": true)"; }},
         &EngineReader::read_served,
         "In place of a command: the servers run already, at their hosts and ports, as with "
         "herdsim serve. The run only talks to them."},
        {"name", NameKind{}, &EngineSpec::name,
         "The engine's name in summary.csv. Default with served: served."},
        {"ready", Described{ready_schema}, &EngineReader::read_ready,
         "When a process counts as up. Default: once its ports are listened on; with served, once "
         "each server has accepted a connection."},
    };
    return kFields;
  }

  // Servers elsewhere have no process of ours: nothing to start, to read or to stand between.
  static Schema elsewhere_rule() {
    return R"("if": {"required": ["served"]})" +
           (has_any_of(keys_of(program_fields())).as("not") +
            (Schema(R"("ready": {"not": {"anyOf": [{"required": ["output"]},
                                                   {"required": ["after"]}]}})") +
             observe_elsewhere_schema().as("observe"))
                .as("properties"))
               .as("then");
  }

  void refuse_keys_of_programs(ObjectReader& object) {
    for (const std::string_view key : keys_of(program_fields())) {
      object.refuse(key, "is of programs that herdsim starts, and these servers run elsewhere",
                    kElsewhereRight);
    }
  }

  void read_served(const JsonNode& node, EngineSpec&) {
    if (FlagKind{}.read(node, problems_) != false) return;
    problems_.add(node.path, "says where the servers are not",
                  R"(true, or a "command" in place of "served")");
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

  void read_command(const JsonNode& node, ProgramSpec&) {
    const auto size = read_list(node, problems_, kCommandRight);
    if (!size) return;
    if (*size == 0) problems_.add(node.path, "is empty", std::string(kCommandRight));
    for (std::size_t i = 0; i < *size; ++i) {
      const JsonNode item = node.item(i);
      const auto text = kText.read(item, problems_);
      if (!text) continue;
      check_placeholders(item.path, *text);
      program_.command.push_back(*text);
    }
  }

  void set_cwd(const JsonNode&, const std::string& text, ProgramSpec&) {
    program_.cwd = text.starts_with('/') ? text : folder_ + text;
  }

  static Schema env_schema() {
    return R"("type": "object")" + kText.schema().as("additionalProperties");
  }

  void read_env(const JsonNode& node, ProgramSpec&) {
    ObjectReader object(node, problems_, R"(an object, as {"NAME": "value"})");
    if (!object.is_object()) return;
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(node.json, key, value) {
      const JsonNode item{value, node.member_path(key)};
      const auto text = kText.read(item, problems_);
      if (!text) continue;
      check_placeholders(item.path, *text);
      program_.env.emplace_back(key, *text);
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
      } else if (program_.per == ProcessPer::kHerd && is_among(kOfOneServer, each.name)) {
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

  void read_ports(const JsonNode& node, ProgramSpec&) {
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
    if (is_elsewhere_) {
      for (const std::string_view key : {"output", "after"}) {
        object.refuse(key, "is of programs that herdsim starts, and these servers run elsewhere",
                      R"("within" alone)");
      }
    }
    read_fields(object, ready_fields(), engine_, *this);
    const int signs = object.has("listening") + object.has("output") + object.has("after");
    if (signs > 1) problems_.add(node.path, "has several signs", std::string(kReadyRight));
    object.finish();
    const auto* after = std::get_if<ReadyAfter>(&program_.ready);
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
  void set_ready(const JsonNode&, const Value& value, EngineSpec&) {
    program_.ready = Sign{value};
  }

  void check_port_is_told(const std::string& command_path) {
    const bool fixed = std::all_of(herd_.servers.begin(), herd_.servers.end(),
                                   [](const ServerSpec& server) { return server.port != 0; });
    if (!servers_known_ || fixed) return;
    for (const std::string_view name : {"port", "port:", "ports", "servers"}) {
      if (mentions(program_, name)) return;
    }
    problems_.add(command_path, "does not tell the program its port",
                  R"({port} among its arguments, or "ports" where they are fixed in the program)");
  }

  void read_observe(const std::optional<JsonNode>& node, EngineSpec& engine) {
    const ProgramSpec* const program = is_elsewhere_ ? nullptr : &program_;
    const auto watch =
        node ? read_watch(*node, program, problems_) : std::optional(default_watch(program));
    if (watch) engine.watch = *watch;
  }

  const std::string& folder_;
  const bool servers_known_;
  HerdSpec& herd_;
  Problems& problems_;
  bool is_elsewhere_ = false;
  ProgramSpec program_;  // unused if the servers are elsewhere
  EngineSpec engine_;
};

}  // namespace

std::optional<EngineSpec> read_engine(const JsonNode& node, const std::string& folder,
                                      bool servers_known, HerdSpec& herd, Problems& problems) {
  return EngineReader(folder, servers_known, herd, problems).read(node);
}

Schema engine_schema() { return EngineReader::schema(); }

}  // namespace sim
