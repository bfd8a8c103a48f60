#include "sim/app/export/flood_steps.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "sim/base/text/utf8.h"

namespace sim {
namespace {

auto order_of(const FloodStep& step) {
  const ShownMessage& message = *step.message;
  const herd::Duration at = step.is_receipt ? std::max(message.at(), message.sent) : message.sent;
  return std::tuple(at, message.hops, step.is_receipt);
}

}  // namespace

std::vector<FloodStep> flood_steps(const std::vector<ShownMessage>& messages) {
  std::vector<FloodStep> out;
  for (const ShownMessage& message : messages) {
    out.push_back({&message, false});
    if (message.received) out.push_back({&message, true});
  }
  std::stable_sort(out.begin(), out.end(), [](const FloodStep& a, const FloodStep& b) {
    return order_of(a) < order_of(b);
  });
  return out;
}

std::string kind_words(const ShownMessage& message) {
  std::string words = with_blanks(message.kind, ' ');
  if (message.kind == "delivery") words = "new";
  if (message.kind == "again") words = "new again";
  if (message.echo) words = "echo";
  return message.repair ? words + ", a repair" : words;
}

}  // namespace sim
