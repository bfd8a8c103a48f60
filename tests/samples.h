// How many samples the test of a property takes.
#pragma once

namespace herd::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

// Returns `all`, or a quarter of it, rounded up, in a build with sanitizers. There a sample takes
// ten times as long, and a bug that a sanitizer finds shows in the first samples; the build without
// sanitizers holds the property to all of them.
template <class Count>
constexpr Count samples(Count all) {
  return kSanitized ? static_cast<Count>((all + 3) / 4) : all;
}

}  // namespace herd::test
