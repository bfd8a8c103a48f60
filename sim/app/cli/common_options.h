// Options that several commands have. Each function adds one to a command and stores its value
// while the command line is parsed; what it refers to must outlive the parsing.
#pragma once

#include <spdlog/common.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/app/cli/option_checks.h"
#include "sim/script/read/scenario_document.h"

namespace sim {

// Options that change a scenario before it is validated.
void add_set_option(CLI::App& command, LoadOptions& load);        // --set PATH=VALUE, repeatable
void add_no_expect_option(CLI::App& command, LoadOptions& load);  // --no-expect
void add_seed_option(CLI::App& command, LoadOptions& load);       // --seed N
void add_clock_option(CLI::App& command, LoadOptions& load);      // --clock live|virtual

// --log LEVEL. Leaves `level` as it is if the option is not given.
void add_log_option(CLI::App& command, std::optional<spdlog::level::level_enum>& level);

// --quiet
void add_quiet_option(CLI::App& command, bool& quiet);

// --jobs N. `help` says of what.
void add_jobs_option(CLI::App& command, std::optional<unsigned>& jobs, const std::string& help);

// --out DIR, --out FILE. An empty name is an error.
void add_out_folder_option(CLI::App& command, std::string& folder, const std::string& help);
void add_out_file_option(CLI::App& command, std::string& file, const std::string& help);

// An option or, if its name has no hyphen, an argument whose value is one of a few words, each of
// which means a T.
template <class T, class Target>
CLI::Option& add_choice_option(CLI::App& command, const std::string& name, Target& target,
                               std::vector<std::pair<std::string, T>> choices,
                               const std::string& help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& [word, meaning] : choices) words.push_back(word);
  return *command
              .add_option_function<std::string>(
                  name,
                  [&target, choices = std::move(choices)](const std::string& given) {
                    const std::string lower = CLI::detail::to_lower(given);
                    for (const auto& [word, meaning] : choices) {
                      if (word == lower) target = meaning;
                    }
                  },
                  help)
              ->type_name(CLI::detail::join(words, "|"))
              ->check(one_of(words));
}

}  // namespace sim
