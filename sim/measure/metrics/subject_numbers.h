// Numbers for the clients that reports are about, in the order in which they are first seen.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/base/digest.h"

namespace sim {

class SubjectNumbers {
 public:
  // Returns the client's number. The first call for a client gives it the next one.
  std::uint32_t number(std::string_view client) {
    std::uint32_t& recent = recent_[text_digest(client) % recent_.size()];
    if (recent < names_.size() && names_[recent] == client) return recent;
    const auto found = numbers_.find(client);
    if (found != numbers_.end()) return recent = found->second;
    recent = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(client);
    numbers_.emplace(keys_.emplace_back(client), recent);
    return recent;
  }

  const std::string& operator[](std::uint32_t number) const { return names_[number]; }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // keys: in keys_
  std::deque<std::string> keys_;
  // By a part of a hash, the client with that part that was looked up last: a comparison of texts
  // costs less than a look-up in the map.
  std::array<std::uint32_t, 256> recent_{};
};

}  // namespace sim
