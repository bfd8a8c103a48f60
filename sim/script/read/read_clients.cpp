#include "sim/script/read/read_clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/fields.h"
#include "sim/script/read/json_reader.h"
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
constexpr std::string_view kServerRight = R"(a server's name, "spread" or "nearest")";
constexpr std::string_view kReservedPrefix = "burst-";

class ClientsReader {
 public:
  ClientsReader(const std::vector<HerdRead>& herds, const std::string& folder, Duration duration,
                Names& names, Problems& problems)
      : herds_(herds),
        duration_(duration),
        names_(names),
        problems_(problems),
        mobility_(folder, problems) {}

  ClientGroup read_group(const JsonNode& node) {
    ClientGroup group;
    ObjectReader object(node, problems_, R"(an object with at least "id" and "server")");
    if (!object.is_object()) {
      names_.clients_known = false;
      return group;
    }
    const auto id = object.required("id", kIdRight);
    const auto count = object.optional("count");
    if (const auto server = object.required("server", kServerRight)) read_server(*server, group);
    if (const auto start = object.optional("start")) {
      const auto location = read_location(*start, problems_);
      group.start = location.value_or(group.start);
      group.start_given = location.has_value();
    }
    if (const auto mobility = object.optional("mobility")) {
      mobility_.read(*mobility, node.member_path("start"), group);
    }
    read_ids(id, count, group);
    if (const auto updates = object.optional("updates")) {
      group.updates = read_updates(*updates, duration_, problems_);
    }
    if (const auto queries = object.optional("queries")) {
      group.queries = read_queries(*queries, duration_, problems_);
    }
    if (const auto handover = object.optional("handover")) {
      const bool keeps_nearest = std::holds_alternative<NearestServer>(group.server);
      group.handover = read_handover(*handover, keeps_nearest, names_, problems_);
    }
    if (const auto skew = object.optional("skew")) group.skew = read_clock_skew(*skew, problems_);
    if (const auto link = object.optional("link")) {
      group.link = read_link_conditions(*link, kClientLinkDirections, problems_);
    }
    object.finish();
    return group;
  }

 private:
  void read_ids(const std::optional<JsonNode>& id_node, const std::optional<JsonNode>& count_node,
                ClientGroup& group) {
    const auto count =
        count_node ? read_whole(*count_node, problems_, 1, kMaxClients) : count_of(group.mobility);
    const auto id = id_node ? read_id(*id_node) : std::nullopt;
    if (!count || !id) {
      names_.clients_known = false;
      return;
    }
    group.id = *id;
    group.count = static_cast<std::uint32_t>(*count);
    if (group.count > 1 && group.id.find("{n}") == std::string::npos) {
      problems_.add(
          id_node->path, fmt::format("gives {} clients one id", group.count),
          fmt::format("{{n}} in it for the member's number, as {}", quoted(group.id + "-{n}")));
      names_.clients_known = false;
      return;
    }
    if (names_.clients.size() + group.count > static_cast<std::size_t>(kMaxClients)) {
      problems_.add(count_node ? count_node->path : id_node->path, "makes too many clients",
                    fmt::format("at most {} in all groups together", kMaxClients));
      names_.clients_known = false;
      return;
    }
    const auto* trace = std::get_if<TraceMobility>(&group.mobility);
    const std::size_t most = trace && trace->data ? trace->data->clients.size() : group.count;
    if (group.count > most) {
      problems_.add(count_node->path, fmt::format("is {}, but the trace has {}", group.count, most),
                    "at most as many clients as the trace has");
    }
    for (std::uint32_t n = 0; n < group.count; ++n) {
      auto [member, is_new] = names_.clients.insert(group.member_id(n));
      if (is_new) continue;
      problems_.add(id_node->path, "there is a client " + quoted(*member) + " already",
                    "an id for each client of all groups");
      return;  // one of them is enough to see why
    }
  }

  // How many members a group has that does not say so; nullopt where that had problems.
  static std::optional<std::int64_t> count_of(const Mobility& mobility) {
    const auto* trace = std::get_if<TraceMobility>(&mobility);
    if (trace == nullptr) return 1;
    if (trace->data == nullptr) return std::nullopt;
    return static_cast<std::int64_t>(trace->data->clients.size());
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

  void read_server(const JsonNode& node, ClientGroup& group) {
    const auto text = read_text(node, problems_, kServerRight);
    if (!text || *text == "spread") return;
    if (*text == "nearest") {
      group.server = NearestServer{};
      names_.check_positions(node, problems_);
      return;
    }
    group.server = *text;
    if (!names_.check_server(node, *text, std::nullopt, problems_) || herds_.empty()) return;
    if (const auto place = herds_[0].spec.find_server(*text)) {
      group.start = herds_[0].spec.servers[*place].at.value_or(group.start);
    }
  }

  const std::vector<HerdRead>& herds_;
  Duration duration_;
  Names& names_;
  Problems& problems_;
  MobilityReader mobility_;
};

}  // namespace

std::vector<ClientGroup> read_clients(const JsonNode& node, const std::vector<HerdRead>& herds,
                                      const std::string& folder, Duration duration, Names& names,
                                      Problems& problems) {
  std::vector<ClientGroup> groups;
  const auto size = read_list(node, problems, "a list of client groups");
  names.clients_known = size.has_value();
  ClientsReader reader(herds, folder, duration, names, problems);
  for (std::size_t i = 0; i < size.value_or(0); ++i) {
    groups.push_back(reader.read_group(node.item(i)));
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].queries) continue;
    check_about(*groups[i].queries, node.item(i).member_path("queries"), names, problems);
  }
  return groups;
}

}  // namespace sim
