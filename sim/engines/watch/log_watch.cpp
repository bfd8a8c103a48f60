#include "sim/engines/watch/log_watch.h"

#include "sim/base/text/pattern.h"

namespace sim {
namespace {

std::string_view text_of(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

}  // namespace

LogWatch::LogWatch(const HerdSpec& spec, const std::string& pattern, OutsideWatch& watch)
    : spec_(spec), watch_(watch), pattern_(pattern, pattern_options()) {
  const auto& names = pattern_.NamedCapturingGroups();
  const auto number = [&](const char* name) {
    const auto found = names.find(name);
    return found == names.end() ? 0 : found->second;
  };
  client_ = number("client");
  time_ = number("time");
  server_ = number("server");
  groups_.resize(static_cast<std::size_t>(pattern_.NumberOfCapturingGroups()) + 1);
}

void LogWatch::line(std::optional<std::uint32_t> server, std::string_view text, herd::Instant at,
                    bool as_it_ends) {
  if (!watch_.begun()) return;
  const re2::StringPiece piece(text.data(), text.size());
  if (!pattern_.Match(piece, 0, text.size(), RE2::UNANCHORED, groups_.data(),
                      static_cast<int>(groups_.size()))) {
    return;
  }
  const auto group = [&](int number) { return text_of(groups_[static_cast<std::size_t>(number)]); };
  if (server_ != 0) server = spec_.find_server(std::string(group(server_)));
  const auto update = watch_.matcher().find(group(client_), group(time_));
  if (!server || !update) return;
  last_sighting_ = at;
  ++sightings_;
  if (as_it_ends) ++late_sightings_;
  watch_.found(*update, *server, at, !as_it_ends);
}

}  // namespace sim
