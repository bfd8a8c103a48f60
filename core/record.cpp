#include "core/record.h"

#include <cstring>
#include <new>

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

KeptReport* KeptReport::make(const RecordView& report, std::uint32_t client_hash) {
  void* const memory = ::operator new(sizeof(KeptReport) + report.line.size() + 1);
  auto* const kept = new (memory) KeptReport;
  kept->capacity_ = static_cast<std::uint16_t>(report.line.size());
  kept->set(report, client_hash);
  return kept;
}

void KeptReport::free(KeptReport* report) {
  report->~KeptReport();
  ::operator delete(report);
}

void KeptReport::set(const RecordView& report, std::uint32_t client_hash) {
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
  client_hash_ = client_hash;
  label_ = kNoLabel;
  size_ = static_cast<std::uint16_t>(report.line.size());
  char* const text = reinterpret_cast<char*>(this + 1);
  std::memcpy(text, report.line.data(), report.line.size());
  text[report.line.size()] = '\n';
}

void KeptReport::note(RecordSeat seat) const {
  if (holders(seat) == nullptr) {
    many_holders_ = std::make_unique<std::uint64_t[]>((std::size_t{seat.seats} + 63) / 64);
  }
  holders(seat)[seat.number / 64] |= std::uint64_t{1} << (seat.number % 64);
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

void Record::assign(const RecordView& report, std::uint32_t client_hash) {
  if (report.kept != nullptr) {
    // The caller holds the report, and a shared report is never written.
    auto* const shared = const_cast<KeptReport*>(report.kept);
    ++shared->shared_by_;
    release();
    kept_ = shared;
  } else if (kept_ != nullptr && kept_->shared_by_ == 1 && kept_->capacity_ >= report.line.size()) {
    kept_->set(report, client_hash);
  } else {
    KeptReport* const made = KeptReport::make(report, client_hash);
    release();
    kept_ = made;
  }
}

}  // namespace herd
