#include "sim/engines/central/postgres_install.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>

#include "sim/base/text/numbers.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& file) { return ::access(file.c_str(), X_OK) == 0; }

bool has_programs(const fs::path& folder) {
  return is_program(folder / "initdb") && is_program(folder / "postgres");
}

// Returns the newest version's folder. Debian keeps each major version in its own.
std::optional<fs::path> newest_of_debian() {
  std::error_code error;
  std::map<int, fs::path> versions;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string name = entry.path().filename().string();
    const auto version = read_whole<int>(name);
    if (version && has_programs(entry.path() / "bin")) versions[*version] = entry.path() / "bin";
  }
  if (versions.empty()) return std::nullopt;
  return versions.rbegin()->second;
}

std::optional<fs::path> first_in_path() {
  const char* const variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    if (!folder.empty() && has_programs(folder)) return fs::path(folder);
  }
  return std::nullopt;
}

bool find_user(const char* name, PostgresInstall& install) {
  std::array<char, std::size_t{16} * 1024> memory{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(name, &entry, memory.data(), memory.size(), &found) != 0 || found == nullptr) {
    return false;
  }
  install.user = found->pw_uid;
  install.group = found->pw_gid;
  return true;
}

}  // namespace

herd::Result<PostgresInstall, Error> find_postgres() {
  auto folder = newest_of_debian();
  if (!folder) folder = first_in_path();
  if (!folder) {
    return Error{
        "a central herd needs PostgreSQL, which is not installed (on Debian and Ubuntu: apt-get "
        "install postgresql)"};
  }
  PostgresInstall install;
  install.initdb = (*folder / "initdb").string();
  install.postgres = (*folder / "postgres").string();
  install.user = ::geteuid();
  install.group = ::getegid();
  if (install.user != 0) return install;
  if (!find_user("postgres", install) && !find_user("nobody", install)) {
    return Error{"PostgreSQL cannot be run by root, and there is no user postgres or nobody"};
  }
  // A change of user clears the request to die with the parent, so it is made again.
  install.as_user = {"setpriv",
                     "--reuid=" + std::to_string(install.user),
                     "--regid=" + std::to_string(install.group),
                     "--clear-groups",
                     "--inh-caps=-all",
                     "--pdeathsig=KILL",
                     "--"};
  return install;
}

}  // namespace sim
