#include "sim/script/read/read_clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/fields.h"
#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/read/read_clock_skew.h"
#include "sim/script/read/read_handover.h"
#include "sim/script/read/read_link_conditions.h"
#include "sim/script/read/read_mobility.h"
#include "sim/script/read/read_schedules.h"
#include "sim/script/spec/limits.h"
#include "sim/script/traces/trace_data.h"

namespace sim {
namespace {

constexpr std::string_view kIdRight = R"(an id without white space, as "phone-{n}")";
constexpr std::string_view kFirstServerRight = R"(a server's name, "spread" or "nearest")";
constexpr std::string_view kReservedPrefix = "burst-";
constexpr WholeKind kCount{1, kMaxClients};

class ClientsReader {
 public:
  ClientsReader(const std::vector<HerdRead>& herds, const std::string& folder, Duration duration,
                Names& names, Problems& problems)
      : herds_(herds),
        duration_(duration),
        names_(names),
        problems_(problems),
        mobility_(folder, duration, problems) {}

  ClientGroup read_group(const JsonNode& node) {
    ClientGroup group;
    ObjectReader object(node, problems_, R"(an object with at least "id" and "server")");
    if (!object.is_object()) {
      names_.clients_known = false;
      return group;
    }
    id_.reset();
    count_.reset();
    start_path_ = node.member_path("start");
    read_fields(object, fields(), group, *this);
    read_ids(group);
    object.finish();
    return group;
  }

  static Schema schema() {
    const std::vector<Schema> rules = {
        R"("if": {"required": ["count"], "properties": {"count": {"minimum": 2}}},
           "then": {"properties": {"id": {"pattern": "\\{n\\}"}}})",
        R"("if": {"required": ["server"], "properties": {"server": {"const": "nearest"}}})" +
            handover_schema(true).as("handover").as("properties").as("then") +
            handover_schema(false).as("handover").as("properties").as("else"),
        R"("if": {"required": ["mobility"], "properties": {"mobility": {
             "not": {"type": "string"}, "required": ["model"],
             "properties": {"model": {"const": "trace"}}}}},
           "then": {"not": {"required": ["start"]}})",
    };
    return object_schema(fields(), Schema::list("allOf", rules)).defined_as("clients");
  }

 private:
  static const Fields<ClientGroup, ClientsReader>& fields() {
    static const Fields<ClientGroup, ClientsReader> kFields = {
        {"id", Described{id_schema, kIdRight}, &ClientsReader::take_id,
         "The members' ids: {n} stands for the member's number, from 0.", required()},
        {"count", kCount, &ClientsReader::take_count,
         "How many members the group has. Default: 1, or with a trace the number of its clients."},
        {"server", TextKind{kFirstServerRight, R"("$ref": "#/$defs/name")"},
         &ClientsReader::set_server,
         "The members' first server: its name; spread, which puts member n at server n modulo the "
         "number of servers; or nearest, the one that is nearest at any time.",
         required()},
        {"start", LocationKind{}, &ClientsReader::set_start,
         "Where members start; not with a trace. Default: anywhere in the area of the mobility; "
         "without one where the named server of the first herd stands, else "
         "+34.068930-118.445127."},
        {"mobility", Described{MobilityReader::schema}, &ClientsReader::read_mobility,
         "How members move.", with_default(R"("still")")},
        {"updates", Described{updates_schema}, &ClientsReader::read_updates,
         "How often each member reports its location. Default: never."},
        {"queries", Described{queries_schema}, &ClientsReader::read_queries,
         "How often each member asks what is near, and near whom. Default: never."},
        {"handover", Described{[] { return Schema(""); }}, &ClientsReader::read_handover,
         "When each member goes to another server, and to which one."},
        {"skew", kClockSkew, &ClientGroup::skew, "How far members' clocks are off.",
         with_default(R"("0s")")},
        {"link", LinkConditionsKind{kClientLinkDirections}, &ClientGroup::link,
         "What members' access links are like."},
    };
    return kFields;
  }

  void take_id(const JsonNode& node, ClientGroup&) { id_ = node; }
  void take_count(const JsonNode& node, ClientGroup&) { count_ = node; }

  void set_start(const JsonNode&, const GeoPoint& start, ClientGroup& group) {
    group.start = start;
    group.start_given = true;
  }

  void read_mobility(const JsonNode& node, ClientGroup& group) {
    mobility_.read(node, start_path_, group);
  }

  void read_updates(const JsonNode& node, ClientGroup& group) {
    group.updates = sim::read_updates(node, duration_, problems_);
  }

  void read_queries(const JsonNode& node, ClientGroup& group) {
    group.queries = sim::read_queries(node, duration_, problems_);
  }

  void read_handover(const JsonNode& node, ClientGroup& group) {
    const bool keeps_nearest = std::holds_alternative<NearestServer>(group.server);
    group.handover = sim::read_handover(node, keeps_nearest, names_, problems_);
  }

  void read_ids(ClientGroup& group) {
    const auto count = count_ ? kCount.read(*count_, problems_) : count_of(group.mobility);
    const auto id = id_ ? read_id(*id_) : std::nullopt;
    if (!count || !id) {
      names_.clients_known = false;
      return;
    }
    group.id = *id;
    group.count = static_cast<std::uint32_t>(*count);
    if (group.count > 1 && group.id.find("{n}") == std::string::npos) {
      problems_.add(
          id_->path, fmt::format("gives {} clients one id", group.count),
          fmt::format("{{n}} in it for the member's number, as {}", quoted(group.id + "-{n}")));
      names_.clients_known = false;
      return;
    }
    if (names_.clients.size() + group.count > static_cast<std::size_t>(kMaxClients)) {
      problems_.add(count_ ? count_->path : id_->path, "makes too many clients",
                    fmt::format("at most {} in all groups together", kMaxClients));
      names_.clients_known = false;
      return;
    }
    if (!has_room_for_ids(group)) {
      names_.clients_known = false;
      return;
    }
    const auto* trace = std::get_if<TraceMobility>(&group.mobility);
    const std::size_t most = trace && trace->data ? trace->data->clients.size() : group.count;
    if (group.count > most) {
      problems_.add(count_->path, fmt::format("is {}, but the trace has {}", group.count, most),
                    "at most as many clients as the trace has");
    }
    for (std::uint32_t n = 0; n < group.count; ++n) {
      auto [member, is_new] = names_.clients.insert(group.member_id(n));
      if (is_new) continue;
      problems_.add(id_->path, "there is a client " + quoted(*member) + " already",
                    "an id for each client of all groups");
      return;  // one of them is enough to see why
    }
  }

  // Counts the bytes of the group's ids, and reports those that are too many.
  bool has_room_for_ids(const ClientGroup& group) {
    constexpr std::string_view kNumber = "{n}";
    std::size_t numbers = 0;
    for (std::size_t at = group.id.find(kNumber); at != std::string::npos;
         at = group.id.find(kNumber, at + kNumber.size())) {
      ++numbers;
    }
    const std::size_t digits = std::to_string(group.count - 1).size();
    id_bytes_ += group.count * (group.id.size() + numbers * digits);
    if (id_bytes_ <= kMaxIdBytes) return true;
    problems_.add(id_->path, "makes ids that are too long for so many clients",
                  fmt::format("ids of at most {} bytes in all groups together", kMaxIdBytes));
    return false;
  }

  // Returns the number of members of a group without "count"; nullopt if its trace had problems.
  static std::optional<std::int64_t> count_of(const Mobility& mobility) {
    const auto* trace = std::get_if<TraceMobility>(&mobility);
    if (trace == nullptr) return 1;
    if (trace->data == nullptr) return std::nullopt;
    return static_cast<std::int64_t>(trace->data->clients.size());
  }

  static Schema id_schema() {
    return Schema::list("allOf", {client_id_schema(), R"("not": {"pattern": "^burst-"})"});
  }

  std::optional<std::string> read_id(const JsonNode& node) {
    auto id = read_text(node, problems_, kIdRight);
    if (!id) return std::nullopt;
    if (id->empty() || std::any_of(id->begin(), id->end(), herd::is_space)) {
      problems_.add(node.path, quoted(*id) + " is not an id", std::string(kIdRight));
      return std::nullopt;
    }
    if (id->starts_with(kReservedPrefix)) {
      problems_.add(node.path, quoted(*id) + " is reserved for the clients of a burst",
                    fmt::format("an id that does not begin with {}", quoted(kReservedPrefix)));
      return std::nullopt;
    }
    return id;
  }

  void set_server(const JsonNode& node, const std::string& name, ClientGroup& group) {
    if (name == "spread") return;
    if (name == "nearest") {
      group.server = NearestServer{};
      names_.check_positions(node, problems_);
      return;
    }
    group.server = name;
    if (!names_.check_server(node, name, std::nullopt, problems_) || herds_.empty()) return;
    if (const auto place = herds_[0].spec.find_server(name)) {
      group.start = herds_[0].spec.servers[*place].at.value_or(group.start);
    }
  }

  const std::vector<HerdRead>& herds_;
  Duration duration_;
  Names& names_;
  Problems& problems_;
  MobilityReader mobility_;
  std::size_t id_bytes_ = 0;  // of all groups so far
  // These belong to the group that is being read.
  std::optional<JsonNode> id_, count_;
  std::string start_path_;
};

}  // namespace

void read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                  const std::string& folder, Duration duration, Names& names, Problems& problems,
                  const std::function<void(ClientGroup)>& take) {
  const auto size = read_list(node, problems, "a list of client groups");
  names.clients_known = size.has_value();
  ClientsReader reader(herds, folder, duration, names, problems);
  // Queries about a client by its id are checked when all ids are known.
  std::vector<std::pair<std::size_t, QuerySchedule>> about_ids;
  names.clients.reserve(size.value_or(0));  // each group has a client at least
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    ClientGroup group = reader.read_group(node.item(i));
    if (group.queries && std::holds_alternative<std::string>(group.queries->about)) {
      about_ids.emplace_back(i, *group.queries);
    }
    take(std::move(group));
  }
  for (const auto& [i, queries] : about_ids) {
    check_about(queries, node.item_path(i) + ".queries", names, problems);
  }
}

Schema clients_schema() { return R"("type": "array")" + ClientsReader::schema().as("items"); }

}  // namespace sim
