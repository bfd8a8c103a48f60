#include "sim/engines/external/engine_process.h"

#include <csignal>

#include "sim/base/text/quoted.h"

namespace sim {
namespace {

constexpr std::size_t kMaxLastLine = 300;

}  // namespace

EngineProcess::EngineProcess(IoLoop& loop, Setup setup) : loop_(loop), setup_(std::move(setup)) {
  if (const auto* by_output = std::get_if<ReadyByOutput>(&setup_.program->ready)) {
    sign_.emplace(by_output->pattern);
  }
}

std::optional<Error> EngineProcess::start() {
  ManagedProcess::Setup setup;
  setup.command = setup_.words.command;
  setup.env = setup_.words.env;
  setup.cwd = setup_.program->cwd;
  setup.keeper = setup_.keeper;
  setup.output_file = setup_.output_file.string();
  ManagedProcess::Callbacks callbacks;
  callbacks.on_output_line = [this](std::string_view text) { line(text); };
  callbacks.on_ended = [this](const ProcessEnd& end) {
    ready_ = false;
    ended_cpu_s_ += end.cpu_s;
    const bool asked = asked_;
    if (std::exchange(again_, false)) {
      if (start()) return setup_.on_ended(end, false);
      return;
    }
    setup_.on_ended(end, asked);
  };
  ready_ = asked_ = false;
  started_ns_ = uv_hrtime();
  // A process that has ended is destroyed later, outside of its own calls.
  if (process_) {
    loop_.defer([old = std::shared_ptr<ManagedProcess>(std::move(process_))] {});
  }
  process_ = std::make_unique<ManagedProcess>(loop_, std::move(setup), std::move(callbacks));
  return process_->start();
}

std::optional<Error> EngineProcess::start_again() {
  if (!running()) return start();
  again_ = true;
  return std::nullopt;
}

void EngineProcess::kill() {
  asked_ = true;
  again_ = false;
  if (running()) process_->send_signal(SIGKILL);
}

void EngineProcess::stop() {
  asked_ = true;
  again_ = false;
  if (running()) process_->stop(setup_.program->stop_signal, setup_.program->stop_within);
}

void EngineProcess::signal(int number) {
  if (running()) process_->send_signal(number);
}

void EngineProcess::line(std::string_view text) {
  last_line_.assign(text.substr(0, kMaxLastLine));
  if (sign_ && !ready_) ready_ = sign_->end_of_match(text).has_value();
  setup_.on_line(text);
}

void EngineProcess::look(const ListeningSockets& sockets) {
  if (ready_ || !running()) return;
  if (const auto* after = std::get_if<ReadyAfter>(&setup_.program->ready)) {
    ready_ = uv_hrtime() - started_ns_ >= static_cast<std::uint64_t>(after->wait.count());
  } else if (!sign_) {
    ready_ = true;
    for (const auto& [host, port] : setup_.ports) ready_ = ready_ && sockets.has(host, port);
  }
}

std::string EngineProcess::missing() const {
  if (ready_) return "";
  if (const auto* by_output = std::get_if<ReadyByOutput>(&setup_.program->ready)) {
    std::string words = "has written no line that matches " + sim::quoted(by_output->pattern);
    if (!last_line_.empty()) words += ", its last is " + sim::quoted(last_line_);
    return words;
  }
  std::string words = "does not listen on ";
  for (std::size_t i = 0; i < setup_.ports.size(); ++i) {
    if (i > 0) words += ", ";
    words += setup_.ports[i].first + ":" + std::to_string(setup_.ports[i].second);
  }
  return words;
}

ProcessUsage EngineProcess::usage(const ProcessTable& table) const {
  ProcessUsage usage;
  if (process_) usage = usage_under_keeper(table, process_->keeper_pid());
  usage.cpu_s += ended_cpu_s_;
  return usage;
}

}  // namespace sim
