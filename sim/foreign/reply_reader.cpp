#include "sim/foreign/reply_reader.h"

#include <algorithm>

namespace sim {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

// Where an empty line ends that stands behind the first line.
std::optional<std::size_t> behind_empty_line(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
    std::size_t next = at + 1;
    if (next < bytes.size() && bytes[next] == '\r') ++next;
    if (next < bytes.size() && bytes[next] == '\n') return next + 1;
  }
  return std::nullopt;
}

}  // namespace

ReplyReader::ReplyReader(const Dialect& dialect) : dialect_(dialect) {
  if (const auto* match = std::get_if<ReplyMatch>(&dialect.reply_end)) {
    end_.emplace(match->pattern, RE2::Quiet);
  }
  if (!dialect.reply_pattern.empty()) pattern_.emplace(dialect.reply_pattern, RE2::Quiet);
}

std::optional<std::size_t> ReplyReader::whole(std::string_view bytes, bool whatsat) const {
  if (end_) {
    if (RE2::PartialMatch(piece(bytes), *end_)) return bytes.size();
    return std::nullopt;
  }
  if (!std::holds_alternative<ReplyLine>(dialect_.reply_end)) return std::nullopt;
  const std::size_t line = bytes.find('\n');
  if (line == bytes.npos) return std::nullopt;
  if (!whatsat || !bytes.starts_with("AT ")) return line + 1;
  return behind_empty_line(bytes);
}

std::string ReplyReader::text(std::string_view reply) const {
  if (pattern_) {
    re2::StringPiece groups[2];
    const int wanted = std::min(pattern_->NumberOfCapturingGroups(), 1) + 1;
    if (pattern_->Match(piece(reply), 0, reply.size(), RE2::UNANCHORED, groups, wanted)) {
      const re2::StringPiece& found = groups[wanted - 1];
      reply = {found.data(), found.size()};
    }
  }
  while (reply.ends_with('\n') || reply.ends_with('\r')) reply.remove_suffix(1);
  return std::string(reply);
}

}  // namespace sim
