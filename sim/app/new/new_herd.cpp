#include "sim/app/new/new_herd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

#include "sim/app/sweep/read_sweep.h"
#include "sim/base/io/owned_fd.h"
#include "sim/script/read/read_scenario.h"

// Where templates.cmake has put the files.
#define HERDSIM_NEW_TEMPLATES(EACH) \
  EACH(python_herd)                 \
  EACH(python_grammar)              \
  EACH(python_places)               \
  EACH(python_wire)                 \
  EACH(python_scenario)             \
  EACH(node_herd)                   \
  EACH(node_grammar)                \
  EACH(node_places)                 \
  EACH(node_wire)                   \
  EACH(node_scenario)

#define HERDSIM_DECLARE_TEMPLATE(name)    \
  extern const char herdsim_new_##name[]; \
  extern const char herdsim_new_##name##_end[];
extern "C" {
HERDSIM_NEW_TEMPLATES(HERDSIM_DECLARE_TEMPLATE)
}
#undef HERDSIM_DECLARE_TEMPLATE

namespace sim {
namespace {

#define HERDSIM_TEMPLATE(name)         \
  std::string_view(herdsim_new_##name, \
                   static_cast<std::size_t>(herdsim_new_##name##_end - herdsim_new_##name))

constexpr std::string_view kSchemaName = "scenario.schema.json";

// Returns what went wrong, or an empty string. A file that exists is an error.
std::string write_new_file(const std::filesystem::path& path, std::string_view text) {
  OwnedFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  while (file.is_open() && !text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file.is_open() && text.empty()) return "";
  return path.string() + ": cannot be written: " + std::strerror(errno);
}

}  // namespace

const std::vector<NewFile>& new_herd_files(HerdLanguage language) {
  static const std::vector<NewFile> kPython = {
      {"herd.py", HERDSIM_TEMPLATE(python_herd)},
      {"grammar.py", HERDSIM_TEMPLATE(python_grammar)},
      {"places.py", HERDSIM_TEMPLATE(python_places)},
      {"wire.py", HERDSIM_TEMPLATE(python_wire)},
      {"scenario.json", HERDSIM_TEMPLATE(python_scenario)},
  };
  static const std::vector<NewFile> kNode = {
      {"herd.js", HERDSIM_TEMPLATE(node_herd)},
      {"grammar.js", HERDSIM_TEMPLATE(node_grammar)},
      {"places.js", HERDSIM_TEMPLATE(node_places)},
      {"wire.js", HERDSIM_TEMPLATE(node_wire)},
      {"scenario.json", HERDSIM_TEMPLATE(node_scenario)},
  };
  return language == HerdLanguage::kPython ? kPython : kNode;
}

#undef HERDSIM_TEMPLATE

std::string_view new_herd_command(HerdLanguage language) {
  return language == HerdLanguage::kPython
             ? "python3 herd.py {server} {port} {neighbors} {places_url}"
             : "node herd.js {server} {port} {neighbors} {places_url}";
}

std::string write_new_herd(HerdLanguage language, const std::filesystem::path& folder) {
  const std::string schema = schema_document(scenario_schema(sweep_schema()));
  std::vector<NewFile> files = new_herd_files(language);
  files.push_back({kSchemaName, schema});
  std::error_code error;
  for (const NewFile& file : files) {
    const std::filesystem::path path = folder / file.name;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
      return path.string() + " is there already; nothing was written";
    }
  }
  std::filesystem::create_directories(folder, error);
  if (error) return folder.string() + ": cannot be made: " + error.message();
  for (const NewFile& file : files) {
    if (std::string what = write_new_file(folder / file.name, file.text); !what.empty()) {
      return what;
    }
  }
  return "";
}

}  // namespace sim
