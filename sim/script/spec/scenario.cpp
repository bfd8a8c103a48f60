#include "sim/script/spec/scenario.h"

#include <algorithm>
#include <string_view>

namespace sim {

std::string_view to_string(ClockKind clock) {
  switch (clock) {
    case ClockKind::kLive:
      return "live";
    case ClockKind::kVirtual:
      return "virtual";
  }
  return "";
}

std::optional<std::uint32_t> HerdSpec::find_server(const std::string& server) const {
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [&](const ServerSpec& each) { return each.name == server; });
  if (found == servers.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - servers.begin());
}

std::optional<std::uint32_t> HerdSpec::find_link(std::uint32_t a, std::uint32_t b) const {
  const auto found =
      std::find(links.begin(), links.end(), LinkSpec{std::min(a, b), std::max(a, b)});
  if (found == links.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - links.begin());
}

std::string ClientGroup::member_id(std::uint32_t n) const {
  constexpr std::string_view kNumber = "{n}";
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = id.find(kNumber); at != std::string::npos; at = id.find(kNumber, from)) {
    out.append(id, from, at - from);
    out += std::to_string(n);
    from = at + kNumber.size();
  }
  out.append(id, from);
  return out;
}

}  // namespace sim
