#include "sim/script/read/read_keep_alive.h"

#include <algorithm>
#include <string_view>

#include "sim/script/read/fields.h"
#include "sim/script/read/kinds.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kKeepAliveRight = R"("off", or an object of "every" and "timeout")";
static_assert(kMinKeepAlive == std::chrono::milliseconds(1), "kDurationFrom1ms says so");
constexpr int kTimeoutOfEvery = 3;  // by default
constexpr Choice<bool> kOff[] = {{"off", false}};

struct Given {
  std::optional<herd::Duration> every, timeout;
};
const Fields<Given>& keep_alive_fields() {
  static const Fields<Given> kFields = {
      {"every", kDurationFrom1ms, &Given::every,
       "The time between two keep-alives. Default: 1s, or a third of the timeout if that is less."},
      {"timeout", kDurationFrom1ms, &Given::timeout,
       "An end that hears nothing for this long closes the link. At least twice `every`; default: "
       "three times it."},
  };
  return kFields;
}

}  // namespace

herd::Duration longest_round_trip(const HerdSpec& herd) {
  const auto round_trip = [](const TwoWayConditions& conditions) {
    return conditions.forward.latency + conditions.backward.latency;
  };
  herd::Duration longest = round_trip(herd.link);
  for (const auto& [link, conditions] : herd.override_of) {
    longest = std::max(longest, round_trip(conditions));
  }
  return longest;
}

herd::KeepAlive default_keep_alive(herd::Duration round_trip) {
  herd::KeepAlive keep_alive;
  keep_alive.timeout = std::max(keep_alive.timeout, 2 * (keep_alive.every + round_trip));
  return keep_alive;
}

std::optional<herd::KeepAlive> read_keep_alive(const JsonNode& node, herd::Duration round_trip,
                                               Problems& problems) {
  herd::KeepAlive keep_alive;
  if (json_is_string(node.json)) {
    if (read_choice(node, problems, kOff)) return std::nullopt;
    return keep_alive;
  }
  ObjectReader object(node, problems, kKeepAliveRight);
  if (!object.is_object()) return keep_alive;
  Given given;
  read_fields(object, keep_alive_fields(), given);
  object.finish();
  if (object.has("every") != given.every.has_value()) return keep_alive;
  if (object.has("timeout") != given.timeout.has_value()) return keep_alive;
  if (given.every) {
    keep_alive.every = *given.every;
    keep_alive.timeout = *given.every * kTimeoutOfEvery;
  } else if (given.timeout) {
    keep_alive.every = std::min(keep_alive.every, *given.timeout / kTimeoutOfEvery);
  }
  if (given.timeout) {
    keep_alive.timeout = *given.timeout;
    if (keep_alive.timeout < 2 * keep_alive.every) {
      problems.add(node.member_path("timeout"), R"(is less than twice "every")",
                   R"(at least twice "every")");
      return keep_alive;
    }
  }
  // The end that was dialled hears nothing for a round trip and `every` after the handshake.
  if (keep_alive.timeout <= keep_alive.every + round_trip) {
    problems.add(node.path, "lets go of a link before it has come up: its latencies add up to more",
                 R"(a "timeout" above "every" and the longest way there and back together)");
  }
  return keep_alive;
}

Schema keep_alive_schema() {
  return one_of({choice_of(kOff).schema(), object_schema(keep_alive_fields())});
}

}  // namespace sim
