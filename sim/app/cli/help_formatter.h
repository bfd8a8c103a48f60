// The layout of --help: two columns, wrapped to a terminal of 80 columns.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace sim {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

// Returns the words of a text on lines that fit such a terminal, without a newline at the end.
std::string wrap_for_help(std::string_view text);

}  // namespace sim
