#include "core/record.h"

#include <cstring>
#include <new>

#include "core/scan.h"

namespace herd {

std::strong_ordering compare(const RecordView& a, const RecordView& b) {
  if (const auto order = a.time_ns <=> b.time_ns; order != 0) return order;
  if (const auto order = a.location <=> b.location; order != 0) return order;
  if (const auto order = a.server <=> b.server; order != 0) return order;
  if (const auto order = a.time <=> b.time; order != 0) return order;
  return a.skew <=> b.skew;
}

bool repeats(const RecordView& report, const RecordView& held) {
  return report.time_ns == held.time_ns && report.location == held.location &&
         report.server == held.server;
}

// Multiplies and folds, eight bytes at a time. Clients choose their ids and could provoke
// collisions. Collisions only cost time: the result stays correct, and the number of records is
// bounded by what clients send.
std::uint32_t text_hash(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15;
  std::uint64_t hash = text.size() * kOdd;
  std::size_t at = 0;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
  };
  for (; at + 8 <= text.size(); at += 8) mix(load8(text.data() + at));
  if (at < text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, text.size() - at);
    mix(word);
  }
  return static_cast<std::uint32_t>(hash);
}

KeptReport* KeptReport::make(const RecordView& report) {
  void* const memory = ::operator new(sizeof(KeptReport) + report.line.size());
  auto* const kept = new (memory) KeptReport;
  kept->capacity_ = static_cast<std::uint16_t>(report.line.size());
  kept->set(report);
  return kept;
}

void KeptReport::free(KeptReport* report) {
  report->~KeptReport();
  ::operator delete(report);
}

void KeptReport::set(const RecordView& report) {
  const auto span_of = [&](std::string_view field) {
    return Span{static_cast<std::uint16_t>(field.data() - report.line.data()),
                static_cast<std::uint16_t>(field.size())};
  };
  server_ = span_of(report.server);
  skew_ = span_of(report.skew);
  client_ = span_of(report.client);
  location_ = span_of(report.location);
  time_ = span_of(report.time);
  time_ns_ = report.time_ns;
  client_hash_ = text_hash(report.client);
  size_ = static_cast<std::uint16_t>(report.line.size());
  std::memcpy(reinterpret_cast<char*>(this + 1), report.line.data(), report.line.size());
}

Record::Record(const Record& other) : kept_(other.kept_) {
  if (kept_ != nullptr) ++kept_->shared_by_;
}

Record& Record::operator=(const Record& other) {
  Record copy(other);
  std::swap(kept_, copy.kept_);
  return *this;
}

void Record::release() {
  if (kept_ != nullptr && --kept_->shared_by_ == 0) KeptReport::free(kept_);
}

void Record::assign(const RecordView& report) {
  if (report.kept != nullptr) {
    // The caller holds the report, and a shared report is never written.
    auto* const shared = const_cast<KeptReport*>(report.kept);
    ++shared->shared_by_;
    release();
    kept_ = shared;
  } else if (kept_ != nullptr && kept_->shared_by_ == 1 && kept_->capacity_ >= report.line.size()) {
    kept_->set(report);
  } else {
    KeptReport* const made = KeptReport::make(report);
    release();
    kept_ = made;
  }
}

}  // namespace herd
