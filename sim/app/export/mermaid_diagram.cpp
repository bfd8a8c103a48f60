#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/app/export/export_formats.h"
#include "sim/app/export/flood_steps.h"
#include "sim/app/show/flood_text.h"
#include "sim/base/text/utf8.h"
#include "sim/measure/results/human.h"

namespace sim {
namespace {

// Letters, digits, and the signs that Mermaid takes as they are; bytes of other alphabets too.
bool is_plain(char c) {
  constexpr std::string_view kSigns = " ._()+,=/'";
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || kSigns.find(c) != kSigns.npos;
}

// Returns the text with a code, as #59; for a semicolon, in place of each sign that Mermaid reads.
std::string mermaid_text(std::string_view text) {
  std::string out;
  for (const char c : with_blanks(text, ' ')) {
    out += is_plain(c) ? std::string(1, c) : fmt::format("#{};", static_cast<int>(c));
  }
  return out;
}

// Solid: the receiver learnt something. Dashed: it did not. A cross: it received nothing.
std::string_view arrow_of(const ShownMessage& message) {
  if (!message.received) return "-x";
  return message.kind == "delivery" || message.kind == "again" ? "->>" : "-->>";
}

// The servers of a diagram, in the order in which they are first named.
class Participants {
 public:
  // Returns what the diagram calls the server.
  std::string id(const std::string& server) {
    const auto [found, is_new] = numbers_.emplace(server, numbers_.size());
    std::string out = fmt::format("s{}", found->second);
    if (is_new) {
      const std::string name = mermaid_text(server);
      text_ += fmt::format("    participant {} as {}\n", out, name.empty() ? "(no name)" : name);
    }
    return out;
  }
  const std::string& text() const { return text_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::string text_;
};

std::string message_lines(const ExportedFlood& flood, Participants& servers) {
  const herd::Duration start = flood.update.accepted.value_or(flood.update.sent);
  std::string out;
  for (const ShownMessage& message : flood.messages) {
    const std::string from = servers.id(message.from), to = servers.id(message.to);
    const std::string words = kind_words(message) + " +" + human_duration(message.at() - start);
    out += fmt::format("    {}{}{}: {}\n", from, arrow_of(message), to, mermaid_text(words));
  }
  return out;
}

}  // namespace

Export mermaid_diagram(const ExportedFlood& flood) {
  Participants servers;
  std::string steps;
  if (!flood.update.origin.empty()) {
    steps += fmt::format("    Note over {}: {}\n", servers.id(flood.update.origin),
                         mermaid_text(update_words(flood.update)));
  }
  steps += message_lines(flood, servers);
  for (const ShownMiss& miss : flood.herd.misses_of(flood.update.number)) {
    std::string reason = miss.reason;
    std::replace(reason.begin(), reason.end(), '_', ' ');
    steps += fmt::format("    Note over {}: never applied it, or forgot it ({})\n",
                         servers.id(miss.server), mermaid_text(reason));
  }
  Export out{"sequenceDiagram\n" + servers.text() + steps, {}};
  if (out.text.size() > kMostMermaidBytes) {
    out.notes.push_back(fmt::format(
        "the diagram has {} characters, and Mermaid draws at most {}, unless its maxTextSize is "
        "changed",
        with_separators(static_cast<std::int64_t>(out.text.size())),
        with_separators(kMostMermaidBytes)));
  }
  return out;
}

}  // namespace sim
