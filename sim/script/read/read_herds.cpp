#include "sim/script/read/read_herds.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <unordered_set>
#include <utility>

#include "core/limits.h"
#include "core/random.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/native_keys.h"
#include "sim/script/read/read_batch.h"
#include "sim/script/read/read_central_herd.h"
#include "sim/script/read/read_engine.h"
#include "sim/script/read/read_keep_alive.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_link_overrides.h"
#include "sim/script/read/read_links.h"
#include "sim/script/read/read_outbox.h"
#include "sim/script/read/read_places.h"
#include "sim/script/read/read_propagation.h"
#include "sim/script/read/read_servers.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

// One of these values, by the names that core has for them.
template <class T>
ChoiceKind<T> named(std::initializer_list<T> values) {
  ChoiceKind<T> kind;
  for (const T value : values) kind.choices.push_back({herd::to_string(value), value});
  return kind;
}

static_assert(herd::kMaxRecords == 1'000'000 && herd::kMaxRecordBytes == 256 << 20,
              "the defaults in the texts here say so");
constexpr std::string_view kMaxBytesRight = R"(a size from 16KiB to 1024GiB, as "256MiB")";

constexpr Choice<bool> kEngines[] = {{"native", false}, {"central", true}};

// The state that the readers of a scenario's herds share.
struct AllHerds {
  const ScenarioWide& scenario;
  const std::string& folder;
  Problems& problems;
  std::unordered_set<std::string> names;
  ServersReader servers;
  LinksMade links;
};

class HerdReader {
 public:
  HerdReader(AllHerds& all, const JsonNode& node) : all_(all), node_(node) {}

  HerdRead read() {
    ObjectReader object(node_, all_.problems, R"(an object with at least a "name")");
    if (!object.is_object()) return std::move(herd_);
    HerdSpec& spec = herd_.spec;
    spec.service_time = all_.scenario.model.service_time;
    spec.wire = all_.scenario.model.wire;
    read_fields(object, fields(), spec, *this);
    check_propagation(object);
    refuse_virtual_model(object, all_.scenario.clock);
    read_fields(object, virtual_model_fields_of_herd(), spec);
    if (is_central_) {
      check_central_herd(object, all_.scenario.clock, herd_);
      read_fields(object, central_fields(), spec.central.emplace());
    } else {
      refuse_central_keys(object);
      if (engine_) read_external(object);
    }
    read_fields(object, thread_fields(), spec, *this);
    object.finish();
    return std::move(herd_);
  }

  static Schema schema() {
    return object_schema(properties_of(fields(), virtual_model_fields_of_herd(), central_fields(),
                                       thread_fields()),
                         Schema::list("allOf", {central_rule(), links_of_other_servers()}))
        .defined_as("herd");
  }

 private:
  static const Fields<HerdSpec, HerdReader>& fields() {
    static const Fields<HerdSpec, HerdReader> kFields = {
        {"name", NameKind{}, &HerdReader::set_name, "The herd's name, which no other herd has.",
         required("the herd's name")},
        {"servers", Described{ServersReader::schema}, &HerdReader::read_servers,
         "The servers: a list of names or objects; or their number N, for S1 to SN. Default: the "
         "paper's five.",
         with_default(R"(["Alford", "Ball", "Hamilton", "Holiday", "Welsh"])")},
        {"engine", Described{[] {
           return one_of({choice_of(kEngines).schema(), engine_schema()});
         }},
         &HerdReader::read_engine,
         "Whose servers these are: native, the program's own; central, front ends of one "
         "PostgreSQL "
         "database at the first server; or an object that describes other programs, or servers "
         "that are served elsewhere.",
         with_default(R"("native")")},
        {"links", Described{links_schema}, &HerdReader::read_links,
         "Which servers are linked: a list of pairs, or a shape. Default: the paper's links for "
         "the "
         "paper's five servers, and a star for a central herd."},
        {"link", LinkConditionsKind{kLinkDirections}, &HerdSpec::link,
         "What every link is like. `forward` is from the server that is listed first."},
        {"link_overrides", Described{link_overrides_schema}, &HerdReader::read_link_overrides,
         "Links that are not like the others."},
        {"propagation", PropagationKind{}, &HerdSpec::propagation, "How an update travels."},
        {"batch", Described{batch_schema}, &HerdReader::set_batch,
         "How servers collect records, to send several in one line. Default: each goes out at "
         "once."},
        {"outbox", Described{outbox_schema}, &HerdReader::set_outbox,
         "How much may wait on a link before records wait in the server, where newer ones replace "
         "them. Default: all that is sent waits on the link."},
        {"recovery", RecoveryKind{}, &HerdReader::set_recovery,
         "What servers do about records that they missed: nothing, or synchronize when a link "
         "comes up, and after a while again.",
         with_default(R"("none")")},
        {"order", named({herd::RecordOrder::kClientTime, herd::RecordOrder::kServerTime}),
         &HerdSpec::order,
         "Whose clock decides which record is newer: the client's, or that of the server that "
         "heard "
         "it first."},
        {"max_ahead", kPositiveDuration, &HerdSpec::max_ahead,
         "How far a report may be ahead of its server's clock: the server answers one that is "
         "further ahead, but does not take it. Default: any time."},
        {"keepalive", Described{keep_alive_schema}, &HerdReader::read_keep_alive,
         "How a link's ends find out that nothing comes through. Default: every 1s."},
        {"max_records", WholeKind{1, kMaxRecordsOfServer}, &HerdReader::set_max_records,
         "How many clients' records each server keeps. It refuses updates of further clients.",
         with_default("1000000")},
        {"max_bytes", SizeKind{kMinBytesOfServer, kMaxBytesOfServer, kMaxBytesRight},
         &HerdReader::set_max_bytes,
         "How many bytes of AT lines each server keeps. It refuses updates that need more.",
         with_default(R"("256MiB")")},
        {"places", Described{places_schema}, &HerdReader::read_places, "Where WHATSAT asks.",
         with_default(R"("embedded")")},
    };
    return kFields;
  }

  static const Fields<HerdSpec, HerdReader>& thread_fields() {
    static const Fields<HerdSpec, HerdReader> kFields = {
        {"loops", WholeKind{1, kMaxLoops}, &HerdReader::set_loops,
         "How many threads, each with an event loop, the servers are spread over. At most one for "
         "each server; native servers only; 1 in virtual time.",
         with_default("1")},
    };
    return kFields;
  }

  void set_name(const JsonNode& node, const std::string& name, HerdSpec& spec) {
    spec.name = name;
    if (all_.names.insert(name).second) return;
    all_.problems.add(node.path, "there is a herd " + quoted(name) + " already", "a name for each");
  }

  void read_servers(const std::optional<JsonNode>& node, HerdSpec& spec) {
    ServersRead read = all_.servers.read(node);
    spec.servers = std::move(read.servers);
    herd_.servers_known = read.known;
    herd_.positions_known = read.positions_known;
  }

  // Servers that this run does not host are read after the rest of the herd.
  void read_engine(const JsonNode& node, HerdSpec&) {
    if (json_is_object(node.json)) {
      engine_ = node;
    } else {
      is_central_ = read_choice(node, all_.problems, kEngines).value_or(false);
    }
  }

  void read_links(const std::optional<JsonNode>& node, HerdSpec& spec) {
    herd::Random random(all_.scenario.seed, "herd/" + spec.name + "/links");
    auto links = is_central_ && !node ? star_links()
                                      : sim::read_links(node, node_, spec, herd_.servers_known,
                                                        random, all_.links, all_.problems);
    herd_.links_known = links.has_value();
    if (links) spec.links = std::move(*links);
  }

  // The first server with each of the others.
  std::optional<std::vector<LinkSpec>> star_links() const {
    if (!herd_.servers_known) return std::nullopt;
    std::vector<LinkSpec> links;
    for (std::uint32_t i = 1; i < herd_.spec.servers.size(); ++i) links.push_back({0, i});
    return links;
  }

  void read_link_overrides(const JsonNode& node, HerdSpec& spec) {
    spec.override_of = sim::read_link_overrides(node, herd_, all_.problems);
  }

  void read_keep_alive(const std::optional<JsonNode>& node, HerdSpec& spec) {
    const Duration round_trip = longest_round_trip(spec);
    herd_.keep_alive_is_set = node.has_value();
    spec.keep_alive = node ? sim::read_keep_alive(*node, round_trip, all_.problems)
                           : default_keep_alive(round_trip);
  }

  void read_places(const std::optional<JsonNode>& node, HerdSpec& spec) {
    auto places =
        node ? sim::read_places(*node, all_.folder, all_.problems) : std::optional(PlacesSpec{});
    herd_.places_known = places.has_value();
    if (!places) return;
    spec.places = std::move(*places);
    if (all_.scenario.clock == ClockKind::kVirtual &&
        spec.places.provider != PlacesProvider::kEmbedded) {
      all_.problems.add(node->path, "asks a real provider, which virtual time cannot wait for",
                        R"("embedded", or "clock": "live")");
    }
  }

  void set_batch(const JsonNode& node, HerdSpec& spec) {
    spec.batch = read_batch(node, herd_, all_.problems);
  }

  void set_outbox(const JsonNode& node, HerdSpec& spec) {
    spec.outbox_window = read_outbox(node, all_.problems);
  }

  void set_recovery(const JsonNode&, RecoverySpec recovery, HerdSpec& spec) {
    spec.recovery = recovery.recovery;
    spec.compare_every = recovery.every;
  }

  void check_propagation(ObjectReader& object) {
    const HerdSpec& spec = herd_.spec;
    const auto conflict = spec.propagation.info().conflict;
    const std::string_view wrong =
        conflict == nullptr ? std::string_view() : conflict(spec.propagation, spec.recovery);
    if (wrong.empty()) return;
    const std::size_t colon = wrong.find(": ");
    all_.problems.add(object.node().member_path("propagation"), std::string(wrong.substr(0, colon)),
                      std::string(wrong.substr(colon + 2)));
  }

  void read_external(ObjectReader& object) {
    Problems& problems = all_.problems;
    HerdSpec& spec = herd_.spec;
    if (all_.scenario.clock == ClockKind::kVirtual) {
      problems.add(engine_->path, "is of real programs, which take real time",
                   R"("clock": "live")");
    }
    spec.external = sim::read_engine(*engine_, all_.folder, herd_.servers_known, spec, problems);
    if (!spec.external) return;
    refuse_skews(object);
    if (spec.is_served_elsewhere()) return check_served_elsewhere(object);
    for (const std::string_view key : kNativeKeys) {
      object.refuse(key, "is of our own servers, and these are another program's",
                    R"(leave it out, or "engine": "native")");
    }
    if (spec.propagation.info().relay == herd::SchemeInfo::Relay::kOwn) {
      problems.add(object.node().member_path("propagation"),
                   quoted(spec.propagation.info().name) +
                       " has lines of its own, which other programs are not known to speak",
                   R"("flood-echo" or "flood")");
    }
    if (!mentions(*spec.external, "propagation")) {
      object.refuse("propagation", "is not told to the program that decides it",
                    "{propagation} in its command, or leave it out");
    }
    if (!mentions(*spec.external, "places_url")) {
      object.refuse("places", "is not told to the program that asks",
                    "{places_url} in its command, or leave it out");
    }
    if (!spec.reaches_links()) {
      for (const std::string_view key : kLinkKeys) {
        object.refuse(key, "is of links that run through us, and these do not",
                      R"("observe": "links" in the engine, or leave it out)");
      }
    }
  }

  void refuse_skews(ObjectReader& object) {
    for (const ServerSpec& server : herd_.spec.servers) {
      if (server.skew == ClockSkew{}) continue;
      all_.problems.add(
          object.node().member_path("servers"),
          "server " + quoted(server.name) + " has a skew, and reads a clock of its own",
          R"(servers without "skew")");
      return;
    }
  }

  // The run only talks to the servers, at the places that the scenario names.
  void check_served_elsewhere(ObjectReader& object) {
    const auto refuse = [&object](std::string_view key) {
      object.refuse(key, "is set where the servers are served, and this run only talks to them",
                    R"(leave it out, or "engine": "native")");
    };
    for (const std::string_view key : kNativeKeys) refuse(key);
    for (const std::string_view key : kLinkKeys) refuse(key);
    refuse("propagation");
    refuse("places");
    if (!herd_.servers_known) return;
    for (const ServerSpec& server : herd_.spec.servers) {
      if (server.port != 0) continue;
      all_.problems.add(
          object.node().member_path("servers"),
          "server " + quoted(server.name) + " has no port, and is served elsewhere",
          R"("host" and "port" for each server, as {"name": "Ball", "host": "127.0.0.1", )"
          R"("port": 12001})");
      return;
    }
  }

  static void set_max_records(HerdReader&, const JsonNode&, std::int64_t count, HerdSpec& spec) {
    spec.record_limits.max_records = static_cast<std::uint64_t>(count);
  }

  static void set_max_bytes(HerdReader&, const JsonNode&, std::int64_t bytes, HerdSpec& spec) {
    spec.record_limits.max_bytes = static_cast<std::uint64_t>(bytes);
  }

  void set_loops(const JsonNode& node, std::int64_t loops, HerdSpec& spec) {
    const std::size_t servers = spec.servers.size();
    if (loops > 1 && all_.scenario.clock == ClockKind::kVirtual) {
      all_.problems.add(node.path,
                        fmt::format("is {}, and virtual time has one loop for all", loops),
                        R"(1, or "clock": "live")");
    } else if (herd_.servers_known && static_cast<std::size_t>(loops) > servers) {
      all_.problems.add(
          node.path, fmt::format("is {} for {} server{}", loops, servers, servers == 1 ? "" : "s"),
          "at most one for each server");
    } else {
      spec.loops = static_cast<std::uint32_t>(loops);
    }
  }

  AllHerds& all_;
  const JsonNode& node_;
  HerdRead herd_;
  bool is_central_ = false;
  std::optional<JsonNode> engine_;  // if this run does not host the servers
};

}  // namespace

std::vector<HerdRead> read_herds(const JsonNode& node, const ScenarioWide& scenario,
                                 const std::string& folder, Problems& problems) {
  std::vector<HerdRead> herds;
  const auto size = read_list(node, problems, "a list of at least one herd");
  if (!size) return herds;
  if (*size == 0) problems.add(node.path, "is empty", "at least one herd");
  constexpr auto kMost = static_cast<std::size_t>(kMaxHerds);
  if (*size > kMost) {
    problems.add(node.path, fmt::format("is a list of {}", *size),
                 fmt::format("at most {} herds", kMost));
  }
  AllHerds all{scenario, folder, problems, {}, ServersReader(problems), {}};
  for (std::size_t i = 0; i < std::min(*size, kMost); ++i) {
    const JsonNode item = node.item(i);
    herds.push_back(HerdReader(all, item).read());
  }
  return herds;
}

Schema herds_schema() {
  return fmt::format(R"("type": "array", "minItems": 1, "maxItems": {})", kMaxHerds) +
         HerdReader::schema().as("items");
}

}  // namespace sim
