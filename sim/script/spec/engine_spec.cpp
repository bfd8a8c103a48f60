#include "sim/script/spec/engine_spec.h"

#include <algorithm>

#include "sim/script/spec/placeholders.h"

namespace sim {

bool mentions(const ProgramSpec& program, std::string_view placeholder) {
  // A colon at the end asks for the placeholder with an argument.
  const bool with_argument = placeholder.ends_with(':');
  if (with_argument) placeholder.remove_suffix(1);
  const auto in = [&](const std::string& text) {
    const auto found = placeholders_in(text);
    return std::any_of(found.begin(), found.end(), [&](const Placeholder& each) {
      return each.name == placeholder && each.argument.empty() != with_argument;
    });
  };
  return std::any_of(program.command.begin(), program.command.end(), in) ||
         std::any_of(program.env.begin(), program.env.end(),
                     [&](const auto& pair) { return in(pair.second); });
}

bool mentions(const EngineSpec& engine, std::string_view placeholder) {
  return engine.program && mentions(*engine.program, placeholder);
}

}  // namespace sim
