#include "core/propagation.h"

#include <algorithm>

namespace herd {
namespace {

std::size_t index_of(const SchemeInfo& info, std::string_view parameter) {
  const auto at = std::find_if(info.parameters.begin(), info.parameters.end(),
                               [&](const SchemeParameter& each) { return each.name == parameter; });
  return static_cast<std::size_t>(at - info.parameters.begin());
}

}  // namespace

std::int64_t Scheme::value(std::string_view parameter) const {
  return values_[index_of(*info_, parameter)];
}

std::optional<Duration> Scheme::duration(std::string_view parameter) const {
  const std::int64_t ns = value(parameter);
  if (ns == SchemeParameter::kDerived || ns == SchemeParameter::kNever) return std::nullopt;
  return Duration(ns);
}

void Scheme::set(std::string_view parameter, std::int64_t value) {
  values_[index_of(*info_, parameter)] = value;
}

}  // namespace herd
