#include "sim/script/read/read_keep_alive.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/script/read/json_reader.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

constexpr std::string_view kRight = R"("off", or an object of "every" and "timeout")";
static_assert(kMinKeepAlive == std::chrono::milliseconds(1), "the text below says so");
const DurationKind kKind{kMinKeepAlive, kMaxDuration,
                         R"(a duration from 1ms to 8760h, as "500ms", "2s" or "1min")"};
constexpr int kTimeoutOfEvery = 3;  // by default

}  // namespace

herd::KeepAlive default_keep_alive(herd::Duration round_trip) {
  herd::KeepAlive keep_alive;
  keep_alive.timeout = std::max(keep_alive.timeout, 2 * (keep_alive.every + round_trip));
  return keep_alive;
}

std::optional<herd::KeepAlive> read_keep_alive(const JsonNode& node, herd::Duration round_trip,
                                               Problems& problems) {
  herd::KeepAlive keep_alive;
  if (json_is_string(node.json)) {
    static constexpr std::array kChoices = {Choice<bool>{"off", false}};
    if (read_choice(node, problems, kChoices)) return std::nullopt;
    return keep_alive;
  }
  ObjectReader object(node, problems, kRight);
  if (!object.is_object()) return keep_alive;
  const auto every_node = object.optional("every");
  const auto timeout_node = object.optional("timeout");
  object.finish();
  if (every_node) {
    const auto every = read_duration(*every_node, problems, kKind);
    if (!every) return keep_alive;
    keep_alive.every = *every;
    keep_alive.timeout = *every * kTimeoutOfEvery;
  }
  // The end that was dialled hears nothing for a round trip and `every` after the greeting.
  const auto check = [&] {
    if (keep_alive.timeout > keep_alive.every + round_trip) return;
    problems.add(node.path, "lets go of a link before it has come up: its latencies add up to more",
                 R"(a "timeout" above "every" and the longest way there and back together)");
  };
  if (!timeout_node) {
    check();
    return keep_alive;
  }
  const auto timeout = read_duration(*timeout_node, problems, kKind);
  if (!timeout) return keep_alive;
  keep_alive.timeout = *timeout;
  if (!every_node) keep_alive.every = std::min(keep_alive.every, *timeout / kTimeoutOfEvery);
  if (keep_alive.timeout < 2 * keep_alive.every) {
    problems.add(timeout_node->path, R"(is less than twice "every")", R"(at least twice "every")");
    return keep_alive;
  }
  check();
  return keep_alive;
}

}  // namespace sim
