// `herdsim new`: writes a small herd and a scenario that drives it.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "sim/app/cli/commands.h"
#include "sim/app/cli/exit_status.h"
#include "sim/app/new/new_herd.h"

namespace sim {
namespace {

struct NewOptions {
  bool python = false, node = false;
  std::string folder = ".";
};

int write_new(const NewOptions& options) {
  const HerdLanguage language = options.node ? HerdLanguage::kNode : HerdLanguage::kPython;
  const std::string error = write_new_herd(language, options.folder);
  if (!error.empty()) {
    std::fprintf(stderr, "herdsim new: %s\n", error.c_str());
    return kNotCarriedOut;
  }
  const std::string in_folder = options.folder == "." ? "" : " --cwd '" + options.folder + "'";
  std::printf("wrote");
  for (const NewFile& file : new_herd_files(language)) {
    std::printf(" %.*s", static_cast<int>(file.name.size()), file.name.data());
  }
  const std::string_view command = new_herd_command(language);
  std::printf(
      "\n\nRun it:\n"
      "  herdsim run '%s/scenario.json'\n"
      "Hold it to the protocol:\n"
      "  herdsim try%s %.*s\n",
      options.folder.c_str(), in_folder.c_str(), static_cast<int>(command.size()), command.data());
  return kDone;
}

}  // namespace

Command add_new_command(CLI::App& program) {
  const auto options = std::make_shared<NewOptions>();
  CLI::App& parser = *program.add_subcommand(
      "new", "Write a small herd to begin from, and a scenario that drives it");
  CLI::Option* const python =
      parser.add_flag("--python", options->python, "In Python, with asyncio (default)");
  parser.add_flag("--node", options->node, "In JavaScript, for Node.js")->excludes(python);
  parser.add_option("DIR", options->folder,
                    "Folder to write to; made if there is none (default: this one). No file is "
                    "replaced");
  parser.footer("Example: herdsim new --python my-herd");
  return {&parser, [options] { return write_new(*options); }};
}

}  // namespace sim
