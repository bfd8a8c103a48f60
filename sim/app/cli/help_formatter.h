// The layout of --help: two columns, wrapped to a terminal of 80 columns.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sim {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

}  // namespace sim
