#include "sim/base/process/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <utility>

#include "sim/base/io/open_folder.h"
#include "sim/base/io/owned_fd.h"
#include "sim/base/text/numbers.h"

namespace sim {
namespace {

std::optional<ProcessEntry> read_process(const char* pid) {
  const OwnedFd file(::open((std::string("/proc/") + pid + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return std::nullopt;
  std::array<char, 2048> text{};
  ssize_t size = 0;
  do {
    size = ::read(file.get(), text.data(), text.size());
  } while (size < 0 && errno == EINTR);
  if (size <= 0) return std::nullopt;
  return parse_process_stat({text.data(), static_cast<std::size_t>(size)});
}

}  // namespace

std::optional<ProcessEntry> parse_process_stat(std::string_view text) {
  ProcessEntry entry;
  const auto pid = read_whole<pid_t>(text.substr(0, text.find(' ')));
  const std::size_t name_end = text.rfind(')');
  if (!pid || name_end == std::string_view::npos) return std::nullopt;
  entry.pid = *pid;
  const std::string fields(text.substr(name_end + 1));
  std::uint64_t user = 0, system = 0, reaped_user = 0, reaped_system = 0;
  const int found = std::sscanf(fields.c_str(),
                                " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
                                " %" SCNu64 " %" SCNu64 " %*d %*d %*d %*d %*u %*u %" SCNu64,
                                &entry.state, &entry.parent, &user, &system, &reaped_user,
                                &reaped_system, &entry.resident_pages);
  if (found != 7) return std::nullopt;
  entry.cpu_ticks = user + system;
  entry.reaped_ticks = reaped_user + reaped_system;
  return entry;
}

ProcessTable ProcessTable::read() {
  std::vector<ProcessEntry> entries;
  const OpenFolder folder(::opendir("/proc"));
  if (folder == nullptr) return ProcessTable({});
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    if (const auto process = read_process(entry->d_name)) entries.push_back(*process);
  }
  return ProcessTable(std::move(entries));
}

ProcessTable::ProcessTable(std::vector<ProcessEntry> entries) : entries_(std::move(entries)) {
  for (const ProcessEntry& entry : entries_) {
    by_pid_.emplace(entry.pid, &entry);
    by_parent_.emplace(entry.parent, &entry);
  }
}

const ProcessEntry* ProcessTable::find(pid_t pid) const {
  const auto found = by_pid_.find(pid);
  return found == by_pid_.end() ? nullptr : found->second;
}

std::vector<const ProcessEntry*> ProcessTable::descendants(pid_t pid) const {
  std::vector<const ProcessEntry*> found;
  // A pid that was reused while the table was read may form a cycle. So the result has no more
  // processes than the table.
  const auto add_children = [&](pid_t parent) {
    for (auto [child, end] = by_parent_.equal_range(parent); child != end; ++child) {
      if (child->second->pid != pid && found.size() < entries_.size()) {
        found.push_back(child->second);
      }
    }
  };
  add_children(pid);
  for (std::size_t next = 0; next < found.size(); ++next) add_children(found[next]->pid);
  return found;
}

}  // namespace sim
