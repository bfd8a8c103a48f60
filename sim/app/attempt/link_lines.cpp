#include "sim/app/attempt/link_lines.h"

#include "sim/base/text/words.h"

namespace sim {

void LinkLines::Said::add(std::uint32_t direction, std::string_view line) {
  ++counts[direction];
  last[direction] = line;
}

void LinkLines::add(std::uint32_t direction, std::string_view line) {
  any_word(line, " \t\r\n\f\v,;:&'\"[](){}<>|=", [&](std::string_view word) {
    if (!word.starts_with(kMark)) return false;
    const std::lock_guard lock(mutex_);
    Said& said = line.starts_with('?')
                     ? refused_
                     : said_.try_emplace(std::string(word), directions_).first->second;
    said.add(direction, line);
    return true;
  });
}

std::vector<std::size_t> LinkLines::counts(const std::string& client) const {
  const std::lock_guard lock(mutex_);
  const auto found = said_.find(client);
  return found == said_.end() ? std::vector<std::size_t>(directions_) : found->second.counts;
}

std::string LinkLines::last(const std::string& client, std::uint32_t direction) const {
  const std::lock_guard lock(mutex_);
  const auto found = said_.find(client);
  return found == said_.end() ? "" : found->second.last[direction];
}

bool LinkLines::any() const {
  const std::lock_guard lock(mutex_);
  return !said_.empty();
}

std::vector<std::size_t> LinkLines::refusals() const {
  const std::lock_guard lock(mutex_);
  return refused_.counts;
}

std::string LinkLines::last_refusal(std::uint32_t direction) const {
  const std::lock_guard lock(mutex_);
  return refused_.last[direction];
}

}  // namespace sim
