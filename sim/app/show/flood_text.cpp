#include "sim/app/show/flood_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "sim/base/text/quoted.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

constexpr std::size_t kMissesNamed = 10;

// From whom a server first had the update.
struct First {
  std::string from;  // empty: from the client
  herd::Duration at{0};
};
using Firsts = std::map<std::string, First>;  // by server

std::string duplicate_words(const ShownMessage& message, const Firsts& firsts) {
  if (message.echo) return "echo: sent straight back";
  const auto first = firsts.find(message.to);
  if (first == firsts.end()) return "duplicate: had it already";
  const std::string from =
      first->second.from.empty() ? "the client" : without_controls(first->second.from);
  return fmt::format("duplicate: had it from {} {} before", from,
                     human_duration(message.at() - first->second.at));
}

std::string message_words(const ShownMessage& message, const Firsts& firsts) {
  std::string words;
  if (message.kind == "delivery") {
    words = "new";
  } else if (message.kind == "again") {
    words = "new again: it had lost its memory in a restart";
  } else if (message.kind == "duplicate") {
    words = duplicate_words(message, firsts);
  } else if (message.kind == "stale") {
    words = "stale: holds a newer record of the client";
  } else if (message.kind == "lost") {
    words = "lost: sent at this time, and never received";
  } else {
    words = without_controls(message.kind);
  }
  return message.repair ? words + " (a repair)" : words;
}

// Returns the number of bytes of the longest name of a server.
std::size_t longest_name(const std::vector<ShownMessage>& messages) {
  std::size_t longest = 0;
  for (const ShownMessage& message : messages) {
    longest = std::max({longest, message.from.size(), message.to.size()});
  }
  return longest;
}

// A micro sign has two bytes and takes one column.
std::string padded_time(herd::Duration value) {
  const std::string text = '+' + human_duration(value);
  return fmt::format("{:>{}}", text, text.find("µ") == text.npos ? 8 : 9);
}

std::string totals(const ShownHerd& herd, const ShownUpdate& update) {
  std::string out = fmt::format("reached {} of {} servers", update.reached, herd.servers);
  if (update.coverage) out += " in " + human_duration(*update.coverage);
  if (update.messages) {
    out += fmt::format(", with {} messages, {} of them duplicates, {} of these echoes",
                       *update.messages, update.duplicates.value_or(0), update.echoes.value_or(0));
  }
  if (!update.messages) out += "; its messages cannot be seen";
  if (update.reply) out += "; its client had the answer after " + human_duration(*update.reply);
  return out;
}

}  // namespace

std::string update_words(const ShownUpdate& update) {
  std::string out = fmt::format("update {} of {}", update.number, without_controls(update.client));
  const double sent_s =
      std::chrono::duration<double>(update.accepted.value_or(update.sent)).count();
  if (update.accepted) {
    out += fmt::format(", accepted by {} at {:.6f} s", without_controls(update.origin), sent_s);
  } else {
    out += fmt::format(", {}, sent at {:.6f} s", without_controls(update.outcome), sent_s);
  }
  return out;
}

std::string miss_words(const ShownHerd& herd, const ShownUpdate& update) {
  std::string out;
  const std::vector<ShownMiss> misses = herd.misses_of(update.number);
  for (std::size_t i = 0; i < std::min(misses.size(), kMissesNamed); ++i) {
    if (i > 0) out += ", ";
    std::string reason = without_controls(misses[i].reason);
    std::replace(reason.begin(), reason.end(), '_', ' ');
    out += fmt::format("{} ({})", without_controls(misses[i].server), reason);
  }
  if (misses.size() > kMissesNamed) {
    out += fmt::format(", and {} more", misses.size() - kMissesNamed);
  }
  return out;
}

std::string flood_text(const ShownHerd& herd, const ShownUpdate& update,
                       const std::vector<ShownMessage>& messages) {
  std::string out = fmt::format("herd {}: {}\n", without_controls(herd.name), update_words(update));
  const herd::Duration start = update.accepted.value_or(update.sent);
  Firsts firsts;
  if (!update.origin.empty()) firsts[update.origin] = {"", start};
  const std::size_t width = longest_name(messages);
  std::size_t number = 0;
  for (const ShownMessage& message : messages) {
    out += fmt::format("{:>4}. {}  {:<{}} <- {:<{}}  {}\n", ++number,
                       padded_time(message.at() - start), without_controls(message.to), width,
                       without_controls(message.from), width, message_words(message, firsts));
    const bool applied = message.kind == "delivery" || message.kind == "again";
    if (applied) firsts[message.to] = {message.from, message.at()};
  }
  out += totals(herd, update) + '\n';
  const std::string missed = miss_words(herd, update);
  if (!missed.empty()) out += "never applied, or forgotten, by " + missed + '\n';
  return out;
}

}  // namespace sim
