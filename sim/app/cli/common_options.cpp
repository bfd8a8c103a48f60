#include "sim/app/cli/common_options.h"

#include <cstddef>

#include "sim/app/sweep/limits.h"
#include "sim/script/spec/limits.h"

namespace sim {
namespace {

std::string check_set(const std::string& value) {
  const std::size_t equals = value.find('=');
  if (equals != std::string::npos && equals > 0) return "";
  return "'" + value + "' is not PATH=VALUE (for example herds.0.propagation=flood)";
}

void add_out_option(CLI::App& command, std::string& path, const std::string& type,
                    const std::string& what, const std::string& help) {
  command.add_option("--out", path, help)->type_name(type)->check(name_of(what));
}

}  // namespace

void add_set_option(CLI::App& command, LoadOptions& load) {
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [&load](const std::vector<std::string>& sets) {
            for (const std::string& set : sets) {
              const std::size_t equals = set.find('=');
              load.overrides.push_back({set.substr(0, equals), set.substr(equals + 1)});
            }
          },
          "Set a key of the scenario, for example herds.0.propagation=flood; null takes the key "
          "away (repeatable)")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all()
      ->check(check_set);
}

void add_no_expect_option(CLI::App& command, LoadOptions& load) {
  command.add_flag("--no-expect", load.no_expect, "Leave out the scenario's expectations");
}

void add_seed_option(CLI::App& command, LoadOptions& load) {
  command.add_option("--seed", load.seed, "Use this random seed instead of the scenario's")
      ->type_name("N")
      ->check(whole_number(0, static_cast<std::uint64_t>(kMaxSeed)));
}

void add_clock_option(CLI::App& command, LoadOptions& load) {
  command
      .add_option("--clock", load.clock,
                  "Use this clock instead of the scenario's: live runs in real time on real "
                  "sockets, virtual simulates both")
      ->type_name("live|virtual");
}

void add_log_option(CLI::App& command, std::optional<spdlog::level::level_enum>& level) {
  add_choice_option<spdlog::level::level_enum>(command, "--log", level,
                                               {{"debug", spdlog::level::debug},
                                                {"info", spdlog::level::info},
                                                {"warn", spdlog::level::warn},
                                                {"error", spdlog::level::err},
                                                {"off", spdlog::level::off}},
                                               "How much the servers log (default: info)");
}

void add_quiet_option(CLI::App& command, bool& quiet) {
  command.add_flag("--quiet", quiet, "Show no progress");
}

void add_jobs_option(CLI::App& command, std::optional<unsigned>& jobs, const std::string& help) {
  command.add_option("--jobs", jobs, help)->type_name("N")->check(whole_number(1, kMaxJobs));
}

void add_out_folder_option(CLI::App& command, std::string& folder, const std::string& help) {
  add_out_option(command, folder, "DIR", "folder", help);
}

void add_out_file_option(CLI::App& command, std::string& file, const std::string& help) {
  add_out_option(command, file, "FILE", "file", help);
}

}  // namespace sim
